// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	pty "golang.org/x/sys/unix"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
)

// terminal returns a pseudo-terminal's two ends.
func terminal(t *testing.T) (ctrl, tty *os.File) {
	t.Helper()
	ctrl, err := os.OpenFile("/dev/ptmx", os.O_RDWR|pty.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ctrl.Close() })
	if err := pty.IoctlSetPointerInt(int(ctrl.Fd()), pty.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := pty.IoctlGetInt(int(ctrl.Fd()), pty.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|pty.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return ctrl, tty
}

// call plays a call at a terminal: every line is typed in its turn. It returns what
// was on the screen.
func (c *calling) call(exit int, linked bool, lines ...string) string {
	c.t.Helper()
	ctrl, tty := terminal(c.t)
	if _, err := ctrl.WriteString(strings.Join(lines, "\n") + "\n\x04"); err != nil {
		c.t.Fatal(err)
	}
	screen := make(chan string)
	go func() {
		var all strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := ctrl.Read(buf)
			all.Write(buf[:n])
			if err != nil {
				screen <- all.String()
				return
			}
		}
	}()
	a := c.app(tty, tty, tty)
	if !linked {
		a.desk = nil
	}
	got := a.Run(c.t.Context(), []string{"--data", c.t.TempDir(), "helpdesk", "call", "--ticket", "T-12"})
	tty.Close()
	text := strings.ReplaceAll(<-screen, "\r", "")
	if got != exit {
		c.t.Fatalf("exit %d, want %d\n%s", got, exit, text)
	}
	return text
}

// R53: the clock is set right, and the caller is in. Nothing is done at the service.
func TestCallEndsWithTheClock(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, true, "001 002", heardSlow(t), heardGood(t, standing.Accepted), "y")
	c.says(text, "Never ask for a code", "The clock is 30 to 59 seconds slow. Codes will be refused.", "“Your clock is 30 to 59 seconds slow.", "Sync now",
		"The clock is right. What was wrong has been put right.", "Nothing was changed at the service", "Ticket: T-12")
	if len(c.Done) != 0 || len(c.Calls) != 0 {
		t.Errorf("%v, %v", c.Done, c.Calls)
	}
}

// A bypass code, with everything that is missing asked for, and read out once.
func TestCallWithABypassCode(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, true,
		heardGood(t, standing.RefusedWrong), "n", // the six words, the next step
		"n",                                       // no backup code
		"ana@example.com",                         // who
		"4",                                       // a bypass code
		"n", "n", "", "y", "7", "3", "2", "4", "", // calm, nothing else, called back, two proofs beside it; 7 is none; not confirmed
		"5", // a reset: not with this role
		"4", "y", "", "q")
	c.says(text, "4 things missing, the first: Your answer: is anybody applying pressure?", "✗ Only an administrator can reset.", "It was done. Audit number 1742.",
		"B  Bravo", "K  Kilo", "It is a secret until ", "Say: “I will read you a code, letter by letter. On Kutano’s page, where it asks for the second step, please choose “Use a code from your helpdesk”", "Make a bypass code. Audit number 1742", "The user was told on every channel that a bypass code was made")
	if c.Done["bypass-code"] != 1 {
		t.Errorf("%v", c.Done)
	}
	before, shown, _ := strings.Cut(text, enterScreen)
	shown, after, left := strings.Cut(shown, leaveScreen)
	if !left || !strings.Contains(shown, "B  Bravo") || strings.Contains(before+after, "Bravo") {
		t.Errorf("the code can be scrolled back to:\n%s", text)
	}
	note := text[strings.LastIndex(text, "Kutano: call from"):]
	for _, not := range []string{desktest.Code, "Bravo", "ana", "@"} {
		if strings.Contains(strings.ReplaceAll(note, "manager", ""), not) {
			t.Errorf("%q is in the note:\n%s", not, note)
		}
	}
}

// Somebody urges: nothing is done, whatever was proved.
func TestCallUnderPressure(t *testing.T) {
	c := newCalling(t, "amir")
	text := c.call(0, true, "", "no app any more", "they have no device", "x", "has none with them", "ana@example.com", "2", "n", "n", "1", "n", "u", "2", "4", "q")
	c.says(text, "✗ The caller is applying pressure. Nothing is done in this call.", "I understand that it is urgent.", "The caller applied pressure: nothing was done",
		"Skipped: The six words were heard (no app any more)", "Tell the user, on the number on record")
	if len(c.Done) != 0 {
		t.Errorf("%v", c.Done)
	}
}

// The answer is lost, and it cannot be looked up for a while.
func TestCallServiceDown(t *testing.T) {
	c := newCalling(t, "amir")
	looks := 0
	c.Fail = func(call string, after bool) error {
		switch {
		case call == "unlock" && after:
			return fmt.Errorf("%w: cut", link.ErrUnreachable)
		case call == "look" && !after && c.Done["unlock"] > 0:
			if looks++; looks == 1 {
				return link.ErrUnreachable
			}
		}
		return nil
	}
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "2", "n", "n", "1", "y", "", "q")
	c.says(text, "It is not known whether it was done. Check before you try again.", "The service’s answer was lost, but it was done, at ", "Unlock. Audit number 1742", "Say: “Please try again now")
	if c.Done["unlock"] != 1 || c.Calls["unlock"] != 1 {
		t.Errorf("%v, %v", c.Done, c.Calls)
	}
}

// The answer is lost, and the permission is over before it could be looked up: where
// the agent does not sign in again, the note says that nobody knows.
func TestCallNotKnown(t *testing.T) {
	c := newCalling(t, "amir")
	c.Fail = func(call string, after bool) error {
		switch {
		case call == "unlock" && after:
			return fmt.Errorf("%w: cut", link.ErrUnreachable)
		case call == "look" && c.Done["unlock"] > 0:
			return link.ErrProveAgain
		}
		return nil
	}
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "2", "n", "n", "1", "y", "y", "n", "q")
	c.says(text, "Unlock: it is not known whether it was done.")
	if strings.Contains(text, "Nothing was changed at the service") {
		t.Error("what nobody knows is denied")
	}
}

// As long as it is not known whether something was done, nothing else is, whatever was
// heard or left out meanwhile; and once it is known, it stands in the note once.
func TestCallLooksBeforeItGoesOn(t *testing.T) {
	for _, act := range []string{"2", "3"} { // the same once more, or something else
		c := newCalling(t, "amir")
		looks, back := 0, 4
		c.Fail = func(call string, after bool) error {
			lost := call == "unlock" && after
			if call == "look" && !after && c.Done["unlock"] > 0 {
				looks++
				lost = looks < back
			}
			return when(lost, fmt.Errorf("%w: cut", link.ErrUnreachable))
		}
		text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "2", "n", "n", "1", "y", "n", // not known, and not looked up
			"p", heardSlow(t), "", act, "2", "b", "3", "y", "q") // other words: the reason would be another; looked up twice, first in vain
		c.says(text, "2  Unlock: ? It is not known whether it was done.", "First, this checks what is not known yet: Unlock.", "The service’s answer was lost, but it was done, at ",
			"Say: “Please try again now", "End this call before you help somebody else.", "Allow two codes. Audit number 1743")
		if c.Done["unlock"] != 1 || c.Calls["unlock"] != 1 || c.Done["resync"] != 1 || strings.Count(text[strings.LastIndex(text, "Kutano: call from"):], "Unlock. Audit number 1742") != 1 {
			t.Errorf("%v, %v\n%s", c.Done, c.Calls, text)
		}
	}
}

// It is not known at the end either: the note and the screen say so, once.
func TestCallEndsNotKnown(t *testing.T) {
	for _, end := range [][]string{{"n", "5", "q"}, {"n"}, {}} { // also where the terminal is closed
		c := newCalling(t, "amir")
		c.Fail = func(call string, after bool) error {
			return when(call == "reset" && after || call == "look" && c.Done["reset"] > 0, fmt.Errorf("%w: cut", link.ErrUnreachable))
		}
		text := c.call(0, true, append([]string{heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "5", "n", "n", "lives on a boat", "y", "2", "3", "y"}, end...)...)
		c.says(text, "\nReset two-factor authentication: It is not known whether it was done. Check before you try again.\n\nKutano: call from")
		if note := text[strings.LastIndex(text, "Kutano: call from"):]; strings.Count(note, "Reset two-factor authentication: it is not known whether it was done.") != 1 || strings.Contains(note, "Nothing was changed") {
			t.Errorf("%q: %s", end, note)
		}
		if c.Done["reset"] != 1 {
			t.Errorf("%q: %v", end, c.Done)
		}
	}
}

// Another signs in where the permission is asked for anew: the call was the first one's,
// and so is what may have been done.
func TestCallGoesOnWithAnother(t *testing.T) {
	c := newCalling(t, "amir")
	c.Fail = func(call string, after bool) error {
		if call == "unlock" && !after && c.Agent == "amir" {
			c.Agent = "ada"
			return link.ErrProveAgain
		}
		return nil
	}
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "2", "n", "n", "1", "y", "y", "q")
	if len(c.Done) != 0 {
		t.Errorf("%v\n%s", c.Done, text)
	}
}

// Whether it is an administrator is never taken for granted.
func TestCallAsksForTheRole(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(7, false, heardSlow(t), "n", "n", "", "n", "")
	c.says(text, "Is the caller an administrator or an owner?")
	if strings.Contains(text, "Make a bypass code") {
		t.Error("Enter makes the caller no administrator")
	}
}

// The answer with the bypass code is lost: the code reached nobody, and a new one is made.
func TestCallLosesTheCode(t *testing.T) {
	c := newCalling(t, "hana")
	c.Fail = func(call string, after bool) error {
		return when(call == "bypass-code" && after && c.Calls["bypass-code"] == 1, fmt.Errorf("%w: cut", link.ErrUnreachable))
	}
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "4", "n", "n", "y", "2", "3", "y", "y", "", "q")
	c.says(text, "The service’s answer was lost, but it was done, at ", "The code is not shown again. A new one replaces it.", "B  Bravo", "Audit number 1743")
	if note := text[strings.LastIndex(text, "Kutano: call from"):]; !strings.Contains(note, "1742") || !strings.Contains(note, "1743") {
		t.Errorf("one of two codes is not in the note: %s", note)
	}
	if c.Done["bypass-code"] != 2 {
		t.Errorf("%v", c.Done)
	}
}

// The service does the same once a minute: who asks once more at once is told so, and
// gets a new code once the minute is over.
func TestCallLosesTheCodeAndHurries(t *testing.T) {
	c := newCalling(t, "hana")
	c.Minute = true
	c.Fail = func(call string, after bool) error {
		if call == "bypass-code" && !after && c.Calls[call] == 3 {
			c.Now = c.Now.Add(time.Minute)
		}
		return when(call == "bypass-code" && after && c.Calls[call] == 1, fmt.Errorf("%w: cut", link.ErrUnreachable))
	}
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "4", "n", "n", "y", "2", "3", "y", "y", "y", "", "q")
	c.says(text, "The service does the same only once a minute.", "B  Bravo", "Audit number 1743")
	if c.Done["bypass-code"] != 2 {
		t.Errorf("%v", c.Done)
	}
}

// The permission to act is over in the middle of a call: it is asked for anew, and
// the call goes on where it was.
func TestCallOutlastsThePermission(t *testing.T) {
	c := newCalling(t, "hana")
	asked := 0
	c.Fail = func(call string, after bool) error {
		switch {
		case call == "find" && !after && c.Calls["find"] == 1:
			return link.ErrEnded
		case call == "unlock" && !after && c.Calls["unlock"] == 1:
			return link.ErrProveAgain
		}
		return nil
	}
	c.asked = &asked
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "", "2", "n", "n", "1", "y", "", "q")
	c.says(text, "The link has ended", "Your permission to help callers has run out", "It was done. Audit number 1742.")
	if asked != 3 || c.Done["unlock"] != 1 {
		t.Errorf("asked %d times, %v", asked, c.Done)
	}
	// Who does not want to goes on without the service.
	c = newCalling(t, "hana")
	c.Fail = func(call string, _ bool) error { return when(call == "find", link.ErrEnded) }
	text = c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "n", "", "n", "n", "2", "n", "n", "1", "77", "q")
	c.says(text, "Unlock. Audit number 77")
}

// Nothing is linked: the agent does it on the admin page, and the note has its number.
func TestCallNotLinked(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, false, heardSlow(t), "n", "n", "n", "n", "2", "n", "n", "2", "x", "77", "q")
	c.says(text, "sign in there, open “Administration”, find the user, press “Unlock”", "Say: “Please try again now", "Unlock. Audit number 77", "The manager, found in the company directory, vouches")
	text = c.call(0, false, heardSlow(t), "n", "n", "n", "n", "4", "b", "3", "n", "n", "2", "77", "4", "y", "3", "78", "q")
	c.says(text, "To do that first, type b, and choose “Allow two codes”.", "press “Allow two codes in a row”", "Say: “Please reload Kutano’s sign-in page", "press “Give a code for one sign-in”", "Say: “I will read you a code", "Make a bypass code. Audit number 78")
	text = c.call(0, false, heardSlow(t), "n", "n", "n", "y", "4", "5", "no clock to set there", "n", "n", "y", "2", "3", "78", "q")
	if strings.Count(text, "✗ There are no bypass") > strings.Count(text, "  4  ") || strings.Count(text, "Let us try that first") > 1 {
		t.Errorf("what is refused wants more:\n%s", text)
	}
	c.says(text, "Skipped: What the finding advises was done (no clock to set there)", "Say: “For an administrator, two of us have to agree", "There are no bypass codes for administrators", "can be requested", "requested, and waiting for a second administrator. Audit number 78")
	c.says(c.call(7, false, heardSlow(t)), "Cancelled.", "Kutano: call from")
}

// Nobody helps themselves, also where no service knows who the agent is.
func TestCallForOneself(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, false, heardSlow(t), "n", "n", "y", "2", "4", "q")
	c.says(text, "Is it your own account?", "✗ That is your own account.")
	if strings.Contains(text, "The audit number that the page shows") || !strings.Contains(text, "Nothing was changed at the service") {
		t.Error(text)
	}
}

// The call back is made before a bypass code, or left out in writing; where the number
// does not count the note says that it was not possible.
func TestCallBack(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ana@example.com", "4", "n", "n", "n", // back to what can be done
		"4", "x", "b", "4", "x", "no line out of here", "2", "3", "y", "", "q")
	c.says(text, "A call to the number on record, or a written reason why it was not made.", "Skipped: Called back on the number on record (no line out of here)", "Make a bypass code. Audit number 1742")
	c = newCalling(t, "hana")
	text = c.call(0, true, heardGood(t, standing.RefusedWrong), "n", "n", "ben@example.com", "4", "n", "n", "2", "3", "y", "", "q")
	c.says(text, "- Calling back was not possible: the number on record was changed within the last seven days", "Make a bypass code. Audit number 1742")
	if strings.Contains(text, "A call to the number on record, or") {
		t.Error("a call that proves nothing is wanted")
	}
}

// An answer by mistake can be taken back.
func TestCallBackToTheQuestionBefore(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, true, "", "b", heardSlow(t), "n", "n", "", "b", "ben@example.com", "b", "b", "x", "none with them", "ana@example.com", "2", "n", "n", "1", "y", "b", "q")
	c.says(text, "Skipped: A backup code was tried, or there is none (none with them)", "- The six words were heard", "Unlock. Audit number 1742", "End this call before you help somebody else.")
	if c.Done["unlock"] != 1 || len(c.Users[0].Cases) != 1 {
		t.Errorf("%v", c.Done)
	}
}

// From a reason one comes back to the words, also where there are none; and Enter
// leaves words as they were.
func TestCallBackToTheWords(t *testing.T) {
	c := newCalling(t, "hana")
	text := c.call(0, true, "", "no app at hand", "b", heardSlow(t), "b", "", "x", "cannot do it now", "n", "ana@example.com", "q")
	c.says(text, "- The six words were heard", "Skipped: The caller took the next step (cannot do it now)")
	if strings.Contains(text, "Skipped: The six words were heard (") {
		t.Errorf("they were heard: %s", text)
	}
}
