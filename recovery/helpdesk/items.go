// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// Label is an item as it stands in the checklist.
func Label(i Item) string {
	switch i {
	case Phrase:
		return words.T("The six words were heard")
	case Step:
		return words.T("The caller took the next step")
	case Backup:
		return words.T("A backup code was tried, or there is none")
	case Advised:
		return words.T("What the finding advises was done")
	case Called:
		return words.T("Called back on the number on record")
	case Boss:
		return words.T("The manager, found in the company directory, vouches")
	case Video:
		return words.T("Seen on live video, with an ID")
	case Met:
		return words.T("Met in person")
	case Channel:
		return words.T("A number came back on a second channel you know")
	case Calm:
		return words.T("Nobody is applying pressure")
	case Alone:
		return words.T("No other change is wanted")
	case Least:
		return words.T("A bypass code is not enough")
	}
	return ""
}

// How says how an item is done, for the agent.
func How(i Item) string {
	switch i {
	case Phrase:
		return words.T("In the app: “Get back in”. On the command line: kutano phrase. The first four letters of each word are enough.")
	case Step:
		return words.T("Read the sentence out, wait, then ask for the words again.")
	case Backup:
		return words.T("The caller types it on Kutano’s own page. Never let them say, send or show it.")
	case Advised:
		return words.T("Unlocking or two codes in a row, where the finding comes to that. Both are smaller than a bypass code, and usually enough.")
	case Called:
		return words.T("Hang up, and call the number on record. Take it in full from the company’s own records: its last digits must be those that the service shows. Never call one that the caller gives now, or one that was changed in the last seven days.")
	case Boss:
		return words.T("Look the manager up in the company directory, and call the number there, not one that the caller gives.")
	case Video:
		return words.T("Live, not a picture. Have the caller move a hand in front of the face, and compare the face with the ID.")
	case Met:
		return words.T("By you or a colleague who knows the person, or with an ID.")
	case Channel:
		return words.T("Make up a three-digit number, send it in the company chat, and have the caller send it back there. It is not a code of the authenticator.")
	case Calm:
		return words.T("“Now”, “the boss is waiting”, threats, tears, flattery: all of this is pressure. An honest caller can wait to be called back.")
	case Alone:
		return words.T("Not the e-mail address, not the phone number, not the role.")
	case Least:
		return words.T("All that a bypass code does is let the user set up again, so it comes before a reset.")
	}
	return ""
}

// Asks is what the agent asks the caller for an item.
func Asks(i Item) string {
	switch i {
	case Phrase:
		return words.T("Please open “Get back in” in the app, and read me the six words in order. They are not secret.")
	case Step:
		return words.T("Have you done that? What do you see now? Please do not tell me any code.")
	case Backup:
		return words.T("Do you have a backup code? Please type it on Kutano’s page, and do not tell it to me.")
	case Advised:
		return words.T("Something smaller usually helps here. Let us try that first; you will not have to tell me any code.")
	case Called, Boss, Video, Met, Channel:
		return SayProof()
	case Alone:
		return words.T("Is there anything else that you would like changed?")
	case Least:
		return words.T("I can give you a code that lets you set up your app again. Would that help you?")
	}
	return ""
}

// lacks says what is missing while an item is open; advised is what the finding comes to.
func lacks(i Item, advised link.DeskAct) string {
	switch i {
	case Phrase:
		return words.T("The six words, or a written reason why there are none.")
	case Step:
		return words.T("The next step, or a written reason why it was not taken.")
	case Backup:
		return words.T("A backup code, or a written reason why none was tried.")
	case Advised:
		if advised == link.ActUnlock {
			return words.T("Unlocking, which the finding advises, or a written reason why it does not help.")
		}
		return words.T("Two codes in a row, which the finding advises, or a written reason why they do not help.")
	case Called:
		return words.T("A call to the number on record, or a written reason why it was not made.")
	case Calm:
		return words.T("Your answer: is anybody applying pressure?")
	case Alone:
		return words.T("Your answer: is any other change wanted?")
	}
	return words.T("A bypass code first, or a written reason why it is not enough.")
}

// ActName names an action, as on a button.
func ActName(a link.DeskAct) string {
	switch a {
	case link.ActLookUp:
		return words.T("Look up")
	case link.ActSignOut:
		return words.T("Sign out everywhere")
	case link.ActUnlock:
		return words.T("Unlock")
	case link.ActResync:
		return words.T("Allow two codes")
	case link.ActBypass:
		return words.T("Make a bypass code")
	case link.ActReset:
		return words.T("Reset two-factor authentication")
	}
	return ""
}

// ActDoes says what an action does, for whom it is not yet known to.
func ActDoes(a link.DeskAct) string {
	switch a {
	case link.ActLookUp:
		return words.T("Shows how things stand. The service notes that you looked.")
	case link.ActSignOut:
		return words.T("Ends all of the user’s sessions and linked apps. This lets nobody in. Ask first whether the user is still signed in somewhere: that may be their way back in, because new codes can be made there.")
	case link.ActUnlock:
		return words.T("Forgets the wrong codes, so that codes are accepted again.")
	case link.ActResync:
		return words.T("Lets the user type two codes in a row on Kutano’s own page, so that a wrong clock no longer matters. Nobody says a code.")
	case link.ActBypass:
		return words.T("Makes a code that only lets the user set up again. It is good for 15 minutes, and you read it out once.")
	case link.ActReset:
		return words.T("Switches two-factor authentication off and ends all sessions. The user has to set it up again.")
	}
	return ""
}

// SayUrged is what is said to somebody who urges.
func SayUrged() string {
	return words.T("I understand that it is urgent. To protect your account, I am not allowed to do anything on a call like this. I will call you back on the number that we have on record.")
}

// SayTwo is what is said to somebody who wants two things at once.
func SayTwo() string {
	return words.T("Changing your address and helping you with the second step are two separate things, and I am not allowed to do both in one call. Please request the change once you are in.")
}

// SayTwoAdmins is what is said to administrators and owners.
func SayTwoAdmins() string {
	return words.T("For an administrator, two of us have to agree, and a day has to pass. Please ask a second administrator; your backup codes still work in the meantime.")
}

// SayPassOn is what is said where another has to help.
func SayPassOn() string {
	return words.T("I am not allowed to do this myself. I will pass your call on, and you will not have to explain everything again.")
}

// SayProof is what is said where a proof is missing.
func SayProof() string {
	return words.T("Before I can do that, I have to make sure that it is you, as I do with everybody. I will call you back on the number that we have on record.")
}

// sayOtherProof is the same where no call back is promised: it proves nothing, was
// made, or was left out.
func sayOtherProof() string {
	return words.T("Before I can do that I have to make sure that it is you, as for everybody.")
}
