// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// looked returns what was looked at, in the order of the check.
func (f Facts) looked() []Line {
	switch f.Topic {
	case "":
		return f.app()
	case guide.NoText:
		return append(f.service(), f.codes())
	}
	return append(append(f.app(), f.service()...), f.codes())
}

// app returns what was looked at of this app's account. What cannot be told because
// of what stands before it is left out.
func (f Facts) app() []Line {
	if !f.Here && f.Store.shut() {
		return []Line{f.key()}
	}
	lines := []Line{f.account()}
	if !f.Here {
		return lines
	}
	lines = append(lines, f.key())
	if f.Store != Open {
		return lines
	}
	if f.goesByTime() {
		lines = append(lines, f.time())
		if f.Clock.Spoken != "" {
			lines = append(lines, Line{Good, f.Clock.Spoken})
		}
		if f.Left >= 0 {
			lines = append(lines, f.code())
		}
	}
	if f.Others > 0 {
		lines = append(lines, Line{Look, words.N(f.Others, "There is another account of the same service: it is easy to read the wrong line.",
			"There are {n} other accounts of the same service: it is easy to read the wrong line.")})
	}
	if f.unusual() {
		lines = append(lines, Line{Look, words.T("Its codes are not of the usual sort of six digits and 30 seconds. That is right if its QR code said so.")})
	}
	if f.Unproved && f.Topic == guide.Refused {
		lines = append(lines, Line{Look, words.T("As far as this app knows, none of its codes has ever been accepted: perhaps setting up was not finished.")})
	}
	if f.Refused > 1 {
		lines = append(lines, Line{Look, words.T("{n} codes were refused in a row.", "n", f.Refused)})
	}
	return lines
}

func (f Facts) account() Line {
	switch {
	case f.Here && f.Discreet:
		return Line{Good, words.T("The account is in this app.")}
	case f.Here:
		return Line{Good, words.T("{account} is in this app.", "account", f.Account)}
	case f.Removed:
		return Line{Bad, words.T("The account was removed from this app not long ago.")}
	}
	return Line{Bad, words.T("The account is not in this app.")}
}

func (f Facts) key() Line {
	switch f.Store {
	case Locked:
		if !f.Here {
			return Line{Bad, words.T("The keys are locked, so this app cannot make codes now.")}
		}
		return Line{Bad, words.T("Its key is locked, so this app makes no codes now.")}
	case Gone:
		return Line{Bad, words.T("Its key is no longer on this device.")}
	case NoKeyring:
		return Line{Bad, words.T("No keyring answers on this device, so this app cannot make codes now.")}
	case Denied:
		return Line{Bad, words.T("The system did not let this app read its keys.")}
	}
	return Line{Good, words.T("Its key is here and makes codes.")}
}

func (f Facts) time() Line {
	says := f.Clock.Headline
	if !f.ClockAt.IsZero() {
		says = words.T("{what} (Checked at {time}.)", "what", says, "time", moment(f.ClockAt))
	}
	switch f.Clock.Tone {
	case verdict.Right:
		return Line{Good, says}
	case verdict.Fail:
		return Line{Bad, says}
	}
	return Line{Look, says}
}

func (f Facts) code() Line {
	switch {
	case f.Left == 0:
		return Line{Bad, words.T("The code was over when it was typed.")}
	case f.late():
		return Line{Bad, words.N(seconds(f), "The code had 1 second left when it was typed.", "The code had {n} seconds left when it was typed.")}
	}
	return Line{Good, words.N(seconds(f), "The code was still good for 1 second.", "The code was still good for {n} seconds.")}
}

func seconds(f Facts) int { return max(1, int(f.Left.Seconds())) }

// moment is a time of day as it is said, on the device's own clock.
func moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// seen adds to what the linked service said when that was.
func (f Facts) seen(what string) string {
	if f.SeenAt.IsZero() {
		return what
	}
	return words.T("{what} (Seen at {time}.)", "what", what, "time", moment(f.SeenAt))
}

// service says how the account stands at the linked service, as it was seen last;
// nothing where none is.
func (f Facts) service() []Line {
	said := f.said()
	if f.Service == Ended {
		return said
	}
	for i := range said {
		said[i].Text = f.seen(said[i].Text)
	}
	return said
}

func (f Facts) said() []Line {
	switch f.Service {
	case InOrder:
		if f.Topic == guide.NoText {
			return []Line{{Bad, words.T("The service asks for a code from an app, and sends no text messages.")}}
		}
		return []Line{{Good, words.T("The service asks for a code from an app.")}}
	case Texts:
		if f.Topic == guide.NoText {
			return []Line{{Good, words.T("The service sends your codes by text message.")}}
		}
		return []Line{{Look, words.T("The service sends your codes by text message.")}}
	case TurnedOff:
		return []Line{{Look, words.T("Two-factor sign-in is off at the service.")}}
	case WasReset:
		return []Line{{Look, words.T("An administrator has reset your two-factor sign-in.")}}
	case Shut:
		return []Line{{Bad, words.T("The service accepts no codes for now, after too many wrong ones.")}}
	case Elsewhere:
		return []Line{{Bad, words.T("An app has been set up since then, so the key here is an old one.")}}
	case Ended:
		return []Line{{Look, words.T("The link with the service has ended, so this app does not know how the account stands there.")}}
	}
	return nil
}

// codes says what is known of the backup codes.
func (f Facts) codes() Line {
	c := f.Codes
	switch {
	case c.Known && c.Left == 0:
		return Line{Bad, words.T("None of the backup codes that you noted is left.")}
	case c.Known && f.Discreet:
		return Line{Good, f.noted()}
	case c.Known:
		return Line{Good, words.T("Backup codes: {where}.", "where", c.Says())}
	case c.Left > 0:
		return Line{Look, f.seen(words.N(c.Left, "According to the service, 1 backup code is left. You have not noted here where it is.",
			"According to the service, {n} backup codes are left. You have not noted here where they are."))}
	}
	return Line{Look, words.T("You have not noted here where your backup codes are.")}
}

// noted says that there is a note of the backup codes, and not where they are.
func (f Facts) noted() string { return words.T("The app has a note of where the backup codes are.") }
