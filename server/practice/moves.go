// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

// Move is something that who answers the phone says, asks or does there. The names
// are stable: other programs press them.
type Move string

// The moves.
const (
	AskWhat       Move = "ask-what"
	AskPhrase     Move = "ask-phrase"
	AskSignal     Move = "ask-signal"
	AskNumber     Move = "ask-number"
	AskBlocked    Move = "ask-blocked"
	CallBack      Move = "call-back"
	CallGiven     Move = "call-given"
	AskVideo      Move = "ask-video"
	AskManager    Move = "ask-manager"
	AskChannel    Move = "ask-channel"
	AskBirthday   Move = "ask-birthday"
	SetClock      Move = "set-clock"
	NextCode      Move = "next-code"
	TextAgain     Move = "text-again"
	BackupCode    Move = "backup-code"
	TwoCodes      Move = "two-codes"
	ReadOut       Move = "read-out"
	AskCode       Move = "ask-code"
	AskScreen     Move = "ask-screen"
	Hurry         Move = "hurry"
	ChangeAddress Move = "change-address"
	Refuse        Move = "refuse"
	HangUp        Move = "hang-up"
)

// offer is a move as the page shows it. Nothing of it tells which are right.
type offer struct {
	Move  Move
	Label string
}

// part is some of the moves, under a heading.
type part struct {
	Title  string
	Offers []offer
}

// parts are all moves; they are the same in every scenario.
var parts = []part{
	{"Find out what is wrong", []offer{
		{AskWhat, "What do you see on the page?"},
		{AskPhrase, "Please read me the check phrase of your app."},
		{AskSignal, "Does your phone have a signal?"},
		{AskNumber, "Does the number on the page end like yours?"},
		{AskBlocked, "Could your provider or your phone be blocking messages from services?"},
		{AskCode, "Please read me the code that you see."},
		{AskScreen, "Please share your screen with the app open."},
	}},
	{"Find out who it is", []offer{
		{CallBack, "Hang up, and call the number on record"},
		{CallGiven, "Call the number that the caller gives"},
		{AskVideo, "Turn on your camera, and show me your identity card."},
		{AskManager, "Ask the manager, found in the company directory"},
		{AskChannel, "Send this number back in the chat where I know you."},
		{AskBirthday, "Please tell me your birthday."},
	}},
	{"Have the caller do something", []offer{
		{SetClock, "Let your device set its time by itself."},
		{NextCode, "Wait for the next code, and type it on the page."},
		{TextAgain, "Have a new text message sent, and type its code on the page."},
		{BackupCode, "Choose “Use a backup code”, and type one there. Do not tell it to me."},
		{TwoCodes, "Choose “My helpdesk asked me to type two codes”, and type them there."},
		{ReadOut, "Read out the code for one sign-in that you made at the desk"},
	}},
	{"End it", []offer{
		{Hurry, "Never mind the checks, I can see that you are in a hurry."},
		{ChangeAddress, "I will have your e-mail address changed, too."},
		{Refuse, "I cannot do this on the phone, and I will report this call."},
		{HangUp, "Hang up"},
	}},
}

func known(m Move) bool { return label(m) != "" }

// label is what the page says of a move.
func label(m Move) string {
	for _, p := range parts {
		for _, o := range p.Offers {
			if o.Move == m {
				return o.Label
			}
		}
	}
	return ""
}

// proofs are the moves that find out who calls, with the check that they are for the
// desk, and its group.
var proofs = map[Move]struct{ check, group string }{
	CallBack: {"called-back", "phone"}, AskVideo: {"video-id", "person"}, AskManager: {"manager", "colleague"}, AskChannel: {"second-channel", "channel"},
}
