// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"time"

	"github.com/kutano/authenticator/server/audit"
)

// Ending is how a call ended.
type Ending string

// The endings.
const (
	GoesOn  Ending = ""
	In      Ending = "in"      // whoever called is signed in
	Refused Ending = "refused" // by who answered
	HungUp  Ending = "hung-up"
)

// device is what a caller has at hand.
type device struct {
	phone   bool          // the one with the app, or that text messages go to
	ahead   time.Duration // of its clock
	codes   bool          // backup codes
	blocked bool          // text messages do not arrive
}

// scenario is a call to learn on.
type scenario struct {
	Name  string
	Title string // what stands in the list: nothing that gives it away
	Email string // whose account it is about
	// Greeting is what the caller says first.
	Greeting string
	has      device
	impostor bool
	// phrase and later are the check phrases before and after the clock was set; "" for none.
	phrase, later string
	says          map[Move]string
	// last are acts of the desk that may be needed, each with what has to be tried before.
	last map[audit.Action][]Move
}

// ends are the right endings.
func (s scenario) right(e Ending) bool {
	if s.impostor {
		return e == Refused || e == HungUp
	}
	return e == In
}

// Scenarios are the names of all, in the order to learn them.
func Scenarios() []string {
	var all []string
	for _, s := range scenarios {
		all = append(all, s.Name)
	}
	return all
}

func scenarioOf(name string) (scenario, bool) {
	for _, s := range scenarios {
		if s.Name == name {
			return s, true
		}
	}
	return scenario{}, false
}

// scenarios are what helpdesks hear most, and what attackers say (CISA and FBI, AA23-320A).
var scenarios = []scenario{
	{
		Name: "slow-clock", Title: "Dan’s codes are refused", Email: "dan@example.com",
		Greeting: "Hello, this is Dan from sales. My codes don’t work any more. I’ve tried three.",
		has:      device{phone: true, ahead: -4 * time.Minute}, phrase: "clock-slow", later: "clock-set",
		says: map[Move]string{
			AskWhat:    "It asks for the verification code. I type what the app shows, and it says that this code is not right.",
			SetClock:   "One moment … it was switched off. Now it has jumped forward by four minutes.",
			BackupCode: "They’re at home, in a drawer.",
		},
	},
	{
		Name: "lost-with-codes", Title: "Dan has a new phone", Email: "dan@example.com",
		Greeting: "Hi, Dan here. My phone fell into the lake. I’ve got a new one, and the app on it is empty. How do I get in?",
		has:      device{codes: true}, phrase: "app-empty",
		says: map[Move]string{
			AskWhat:    "It wants a code from the app. But the app is new, and there’s nothing in it.",
			BackupCode: "Backup code … wait, I printed something. Yes, ten of them. I’m typing one … I’m in! It says that I should set it up again.",
		},
	},
	{
		Name: "lost-without-codes", Title: "Dan’s phone is gone", Email: "dan@example.com",
		Greeting: "This is Dan. Somebody stole my phone on the train, with the app on it. I can’t sign in, and I have to send a quote today.",
		says: map[Move]string{
			AskWhat:    "It wants a code from the app, and the app went with the phone.",
			BackupCode: "I never printed them. I’m sorry.",
			ReadOut:    "Slowly, please … yes. It accepts it, and wants me to set it up again. I’ve scanned it with the new phone, and I’m typing the code … I’m in. New backup codes, too; I’m printing these.",
		},
		last: map[audit.Action][]Move{audit.DeskBypass: {BackupCode}},
	},
	{
		Name: "sms-blocked", Title: "No text message arrives", Email: "ela@example.com",
		Greeting: "Hello, Ela here. The text message with the code isn’t arriving. I’ve pressed the button twice.",
		has:      device{phone: true, blocked: true}, phrase: "text-message",
		says: map[Move]string{
			AskWhat:    "It says that a code was sent to a number ending in 05. Nothing has come.",
			AskSignal:  "Yes, four bars, and I could call you.",
			AskNumber:  "05, yes. That’s mine.",
			AskBlocked: "Oh. There’s a filter for unknown senders in my phone, and it’s on. I’ve switched it off.",
			BackupCode: "They’re in the safe at home, and I’m at the office.",
			SetClock:   "It does that already.",
			AskPhrase:  "I have the app on my computer, one moment.",
		},
	},
	{
		Name: "social-engineering", Title: "Dan calls from the airport", Email: "dan@example.com",
		Greeting: "Dan, sales. Listen, I’m at the airport, my board meeting starts in five minutes, and my phone is broken. Just reset my two-factor thing. " +
			"And put my new e-mail address in, the old one is full. I was born on the third of May, and my manager is Olga, if you must know.",
		impostor: true, phrase: "all-is-well",
		says: map[Move]string{
			AskWhat:       "What does it matter what I see? I need a reset, now.",
			AskPhrase:     "If you must. I wrote it down this morning.",
			AskBirthday:   "The third of May, as I said. Can we go on?",
			CallBack:      "You hang up and dial the number on record. Dan answers: “I didn’t call you. I’m at my desk, and everything works.”",
			CallGiven:     "“See, it’s me. Now the reset, please.”",
			AskVideo:      "My camera is broken, too. We don’t have time for this!",
			AskManager:    "You call Olga. She says: “Dan is sitting here with me. He isn’t at any airport.”",
			AskChannel:    "Nothing appears in the chat. “I told you, my phone is broken.”",
			SetClock:      "There’s no time for that!",
			NextCode:      "My phone is broken, are you listening?",
			TextAgain:     "To a broken phone? Very funny.",
			BackupCode:    "I don’t have any codes here. You can make one.",
			AskScreen:     "I have nothing to share. My phone is broken!",
			AskCode:       "If I had a code, I wouldn’t be calling you.",
			Hurry:         "Finally somebody who understands. So, the code?",
			ChangeAddress: "Very good. It’s dan.private@example.net.",
			Refuse:        "This is unbelievable. What’s your name? … The line goes dead.",
		},
	},
}

// usual is what callers say where their scenario has nothing of its own.
var usual = map[Move]string{
	AskPhrase:     "Here it is:",
	AskSignal:     "Yes, it does.",
	AskNumber:     "There’s no number on the page; it asks for a code from the app.",
	AskBlocked:    "I don’t get codes by text message.",
	CallBack:      "You hang up and dial the number on record. The caller answers: “That was quick. Here I am.”",
	CallGiven:     "The caller answers on the number that they gave. You know no more than before.",
	AskVideo:      "The camera comes on. The face matches the identity card, and the name is right.",
	AskManager:    "You call the manager, on the number in the directory: “Yes, we spoke a minute ago. That’s right.”",
	AskChannel:    "The number appears in the chat where you know the caller.",
	AskBirthday:   "I’ll tell you, of course. It’s on my profile anyway.",
	AskCode:       "Yes, one moment … should I really read that out to you? It says here that support never asks for it.",
	AskScreen:     "I could … but then you’d see my codes, wouldn’t you?",
	Hurry:         "Oh, thank you. I thought there would be more questions.",
	ChangeAddress: "I didn’t ask for that. But if you like …",
	Refuse:        "But I only want to sign in. Who should I ask, then?",
	HangUp:        "The line goes dead.",
	ReadOut:       "B … yes, I have it. It accepts it and wants me to set it up again. I’m doing that … and I’m in.",
}

// What callers say of things that do not work.
const (
	saysGone       = "I can’t. The phone is gone."
	saysNoPhrase   = "I have no app here that could show me one."
	saysNotRight   = "It says that this code is not right."
	saysTooMany    = "It says that there were too many tries, and that I have to wait."
	saysNoText     = "I’ve pressed it. Nothing comes."
	saysNoTexts    = "The page doesn’t offer me text messages."
	saysNoPage     = "I can’t see that on the page."
	saysTwoCodes   = "I typed the first one, waited, and typed the second. It thanks me, and asks for the code after them."
	saysNoCode     = "Which code? You haven’t given me one."
	saysIn         = "That worked. I’m in, thank you!"
	saysSetAlready = "It does that already."
)
