// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// Section is a part of the script: a heading, and sentences below it.
type Section struct {
	Title string
	Lines []string
}

// Script is the script of a call, in the language in use, so that the screen, the
// command line and the printed runbook say the same.
func Script() []Section {
	return []Section{
		{words.T("What never happens"), Rules()},
		{words.T("The least dangerous first"), []string{
			words.T("Put the clock right."),
			words.T("Type the next code."),
			words.T("Type a backup code, on Kutano’s own page."),
			ActName(link.ActUnlock) + ": " + ActDoes(link.ActUnlock),
			ActName(link.ActResync) + ": " + ActDoes(link.ActResync),
			ActName(link.ActBypass) + ": " + ActDoes(link.ActBypass),
			ActName(link.ActReset) + ": " + ActDoes(link.ActReset),
		}},
		{words.T("What is wrong"), explained(Phrase, Step, Backup, Advised)},
		{words.T("Who it is"), append([]string{
			words.T("For unlocking and for two codes: one proof. For a bypass code and for a reset: two proofs of different kinds, besides the call back. Video and meeting in person count as the same kind."),
			words.T("Before a bypass code or a reset, call back. It is not one of the two, because a number can be taken over. If it is not possible, or you leave it out, write down why."),
		}, explained(Called, Boss, Video, Met, Channel)...)},
		{words.T("When nothing is done"), []string{
			Label(Calm) + ": " + How(Calm),
			SayUrged(),
			Label(Alone) + ": " + How(Alone),
			SayTwo(),
			words.T("For administrators and owners, two administrators have to agree, and 24 hours have to pass."),
			SayTwoAdmins(),
			words.T("Nobody helps themselves: for your own account, ask a colleague."),
			words.T("If the service does not answer, look the user up before you try again, so that nothing is done twice."),
		}},
		{words.T("Afterwards"), []string{
			words.T("Copy the note into the ticket, with the audit number."),
			words.T("After a reset, all sessions have ended, and the user has been told on every channel."),
			words.T("Make sure that the user sets it up again. Then close the ticket."),
		}},
	}
}

// Rules are what never happens in a call.
func Rules() []string {
	return []string{
		words.T("Never ask for a code, a backup code, the QR code, or a look at the authenticator’s screen. If a caller starts to say a code, interrupt."),
		words.T("Never call a number that the caller gives."),
		words.T("Never do anything under pressure, and never make two changes in one call."),
	}
}

// explained are items with how they are done.
func explained(items ...Item) []string {
	var all []string
	for _, i := range items {
		all = append(all, Label(i)+": "+How(i))
	}
	return all
}
