// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

// Advice is what an agent is told of a [standing.Standing]. All texts are whole
// sentences in the language in use; only Press and Else may be empty.
type Advice struct {
	Cause   Cause
	Finding string       // what is wrong, in one sentence
	Next    string       // the one thing to do next
	Say     string       // what to say to the caller, to be read out as it stands
	Press   []string     // what the caller presses, on their platform, in order
	Ask     string       // what to ask for afterwards
	Then    string       // what comes next where that does not help; it needs nobody's permission
	Act     link.DeskAct // what it may come to after that; [link.ActLookUp] for no more than a look
	Else    []string     // what else is worth a look
}

// Advise says what is wrong and what to do about it, the least dangerous first. It
// has an advice for every standing.
func Advise(s standing.Standing) Advice {
	c := CauseOf(s)
	a := Advice{Cause: c, Act: act(c, s), Ask: ask(c), Then: then(c, s), Press: press(c, s), Else: beside(c, s)}
	switch {
	case c <= CauseReset:
		a.Finding, a.Next, a.Say = sayService(c)
	case c <= CauseDenied:
		a.Finding, a.Next, a.Say = sayStore(c, s.Platform)
	case c <= CauseOldKey:
		a.Finding, a.Next, a.Say = sayKey(c)
	case c == CauseClock || c == CauseNearly || c == CauseUnchecked:
		a.Finding, a.Next, a.Say = sayClock(c, s.Clock)
	default:
		a.Finding, a.Next, a.Say = sayCode(c, s)
	}
	return a
}

// act is what it may come to where the caller cannot get in by what they have.
func act(c Cause, s standing.Standing) link.DeskAct {
	switch c {
	case CauseOff, CauseReset, CauseServiceClock:
		return link.ActLookUp // nothing of the caller's is wrong
	case CauseShut:
		return link.ActUnlock
	case CauseClock:
		if s.Clock == standing.WholeHours || s.Clock == standing.WrongYear {
			return link.ActBypass // no two codes lead that far
		}
		return link.ActResync
	case CauseNearly, CauseUnchecked:
		return link.ActResync
	case CauseSeveral, CauseLate, CauseNone:
		if !clockGood(s.Clock) {
			return link.ActResync
		}
	}
	return link.ActBypass
}

// ask says what to ask for once the next step was taken.
func ask(c Cause) string {
	switch c {
	case CauseByText:
		return words.T("Ask whether the text message has come. The six words stay the same.")
	case CauseOff, CauseNone:
		return words.T("Ask what the page says now, word for word.")
	case CauseReset:
		return words.T("Ask for the six words again: they should now say that a code was accepted.")
	case CauseLocked, CauseNoKeyring, CauseDenied:
		return words.T("Ask for the six words again: they should now say that the keys are open.")
	case CauseBin, CauseNoAccount:
		return words.T("Ask for the six words again: they should now say that the account is there.")
	case CauseKeyMissing, CauseKeyDamaged, CauseOldKey:
		return words.T("Ask whether Kutano accepts the code. On a device that was set up again, the six words should say that a code was accepted.")
	case CauseClock, CauseNearly, CauseUnchecked:
		return words.T("Ask for the six words again: they should now say that the clock is right.")
	case CauseServiceClock, CauseShut:
		return words.T("Ask whether Kutano lets the caller in now.")
	case CauseUnusual:
		return words.T("Ask for the six words again: they should no longer say that the codes are unusual.")
	}
	return words.T("Ask for the six words again: they should now say that the last code was accepted.")
}

// then says what comes after the next step: a backup code where there may be one,
// which is typed and never spoken.
func then(c Cause, s standing.Standing) string {
	switch c {
	case CauseOff:
		return words.T("If this is about another person’s account, end the call here.")
	case CauseReset:
		return words.T("If the page says that the time for this has run out, only an administrator can open it again.")
	}
	switch s.Codes {
	case standing.NoneLeft, standing.NeverSaved:
		return words.T("The caller has no backup codes. Go on with the identity checks.")
	case standing.CodesNoted:
		return words.T("If that does not help, use a backup code: “Backup codes” in the app shows where they are. The caller types it on Kutano’s own page, and never says it.")
	case standing.CodesHere:
		return words.T("If that does not help, use a backup code: they are in the app, under “Backup codes”, with a passphrase of their own. The caller types it on Kutano’s own page, and never says it.")
	case standing.FewLeft, standing.ManyLeft:
		return words.T("If that does not help, use a backup code: the caller has some left. The caller types it on Kutano’s own page, and never says it.")
	}
	return words.T("If that does not help, ask whether there is a backup code on paper, in a password manager or in a file. The caller types it on Kutano’s own page, and never says it.")
}
