// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package setup walks a person through switching on two-factor sign-in at
// Kutano: one instruction a page, in the order of Kutano's published guide.
//
// [App] and [TextMessage] are the two ways, plain data without widgets. It says what to press at Kutano and never does it: this program
// does not sign in anywhere.
package setup

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Does is what a step's main button does.
type Does uint8

// What a main button can do.
const (
	Goes    Does = iota // on to the next step
	Chooses             // the step has two cards with a button each
	Scans               // looks at the screen for the QR code
	Shows               // goes to the codes
)

// Step is one page of the assistant.
type Step struct {
	Title  string
	Icon   kit.IconName
	Lines  []string // at most three sentences
	Button string
	Does   Does
}

// Method is one of the two ways to get codes.
type Method struct {
	Title       string
	BestFor     string
	Pros, Cons  []string
	Button      string
	Recommended bool
}

// App returns the steps of setting up with this app.
func App() []Step {
	return []Step{
		open(),
		{
			Title:  words.T("How do you want to get your codes?"),
			Button: "", Does: Chooses,
		},
		{
			Title: words.T("Choose the authentication app in Kutano"), Icon: kit.IconQR,
			Lines: []string{
				words.T("In Kutano, press “Use authentication app” and then “Continue”."),
				words.T("Kutano now shows a QR code. Leave it open and fully visible on this screen."),
			},
			Button: words.T("I see the QR code"),
		},
		{
			Title: words.T("Scan the QR code"), Icon: kit.IconScreen,
			Lines: []string{
				words.T("We look at your screen once and read the code. The picture stays on this device and is not kept."),
				words.T("If Kutano is open on another device, take a photo or a screenshot of the QR code and open it here."),
			},
			Button: words.T("Scan my screen now"), Does: Scans,
		},
		{
			Title: words.T("Type the code into Kutano"), Icon: kit.IconKeyboard,
			Lines: []string{
				words.T("In Kutano, press “Continue”. Type the six digits that this app shows for Kutano and press “Verify”."),
				words.T("If it is refused, wait for the next code and type that one."),
			},
			Button: words.T("I typed it"),
		},
		backup(),
		done(),
	}
}

// TextMessage returns the steps of setting up with codes by text message.
func TextMessage() []Step {
	return []Step{
		open(),
		{
			Title:  words.T("How do you want to get your codes?"),
			Button: "", Does: Chooses,
		},
		{
			Title: words.T("Choose text messages in Kutano"), Icon: kit.IconNext,
			Lines: []string{
				words.T("In Kutano, press “Use text message” and then “Get started”."),
				words.T("Type your mobile number and press “Verify phone number”."),
			},
			Button: words.T("I pressed it"),
		},
		{
			Title: words.T("Type the code from the text message"), Icon: kit.IconKeyboard,
			Lines: []string{
				words.T("Your phone receives a message with a code. Type it into Kutano and press “Verify”."),
				words.T("Nothing after a few minutes? Check the number and the signal, then ask Kutano for a new code."),
			},
			Button: words.T("I typed it"),
		},
		backup(),
		{
			Title: words.T("Two-factor sign-in is on"), Icon: kit.IconCheck,
			Lines: []string{
				words.T("From now on, Kutano sends a text message after your usual sign-in."),
				words.T("You can change to this app at any time: it also works without mobile reception."),
			},
			Button: words.T("Go to my codes"), Does: Shows,
		},
	}
}

func open() Step {
	return Step{
		Title: words.T("Open Kutano’s security settings"), Icon: kit.IconSettings,
		Lines: []string{
			words.T("In Kutano, go to User Settings and open the Security section."),
			words.T("Click the edit icon beside “Two-factor authentication”. A window opens."),
		},
		Button: words.T("The window is open"),
	}
}

func backup() Step {
	return Step{
		Title: words.T("Save your backup codes"), Icon: kit.IconSafe,
		Lines: []string{
			words.T("Kutano now lists backup codes. Each lets you in once if this device is lost."),
			words.T("Print them, or keep them in a password manager on another device. Not only on this one."),
			words.T("Without them, only your workspace administrator can let you back in."),
		},
		Button: words.T("They are in a safe place"),
	}
}

func done() Step {
	return Step{
		Title: words.T("Two-factor sign-in is on"), Icon: kit.IconCheck,
		Lines: []string{
			words.T("When you sign in from a new device, or your session has ended, Kutano asks for a code after your usual sign-in."),
			words.T("Open this app, look for Kutano, and type what it shows. No internet connection is needed for that."),
		},
		Button: words.T("Go to my codes"), Does: Shows,
	}
}

// Methods returns the two ways side by side, this app first.
func Methods() [2]Method {
	return [2]Method{
		{
			Title:   words.T("Authentication app"),
			BestFor: words.T("Best if you want the most security and codes that always work."),
			Pros: []string{
				words.T("Works without internet and in airplane mode"),
				words.T("Safer than text messages"),
				words.T("Holds your other services’ codes, too"),
			},
			Cons:        []string{words.T("A little more to set up: one scan")},
			Button:      words.T("Use this app"),
			Recommended: true,
		},
		{
			Title:   words.T("Text message"),
			BestFor: words.T("Best if your phone is always with you and you want it simple."),
			Pros: []string{
				words.T("Quick to set up"),
				words.T("Works on any mobile phone, with no app"),
			},
			Cons: []string{
				words.T("Needs mobile reception"),
				words.T("May not arrive when you travel abroad"),
				words.T("Less safe than an app"),
			},
			Button: words.T("Use text messages"),
		},
	}
}
