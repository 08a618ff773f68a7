// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
)

// actFlags are what a script says of a call.
type actFlags struct {
	checks, done, skip     []string
	reason, ticket, phrase string
	calm                   bool
	yes, again, show       bool
}

// What a script can say of the items of a call, by their names: those that were done,
// and those that were left out. The words are heard, and the checks are made.
var (
	mayBeDone    = []helpdesk.Item{helpdesk.Step, helpdesk.Backup}
	mayBeSkipped = []helpdesk.Item{helpdesk.Phrase, helpdesk.Step, helpdesk.Backup, helpdesk.Advised, helpdesk.Called, helpdesk.Least}
)

// actWords are the name of an act's command and what its page says.
func actWords(act link.DeskAct) (use, short, long string) {
	switch act {
	case link.ActSignOut:
		return "sign-out", words.T("Sign a user out everywhere"),
			words.T(`Ends all of a user’s sessions and linked apps. This lets nobody in. Ask first
whether the user is still signed in somewhere: that may be their way back in,
because new codes can be made there.`) + "\n\n" + actRule()
	case link.ActUnlock:
		return "unlock", words.T("Unlock a user, so that codes are accepted again"),
			words.T("Forgets a user’s wrong codes, so that codes are accepted again. It needs one\n--check.") + "\n\n" + actRule() + "\n\n" + scriptRule()
	case link.ActResync:
		return "resync", words.T("Let a user type two codes in a row"),
			words.T(`Lets the user type two codes in a row on Kutano’s own page, so that a wrong clock
no longer matters. Nobody says a code. It needs one --check.`) + "\n\n" + actRule() + "\n\n" + scriptRule()
	case link.ActBypass:
		return "bypass", words.T("Make a code that only lets a user set up again"),
			words.T(`Makes a code that only lets the user set up again. It is a secret for 15 minutes,
and is shown once: spelled out in a terminal, or with --json and --show-code. It
needs two --check of different kinds, besides called-back.`) + "\n\n" + actRule() + "\n\n" + scriptRule()
	}
	return "reset", words.T("Reset a user’s two-factor authentication"),
		words.T(`Switches two-factor authentication off and ends all sessions. The user has to set
it up again. It needs two --check of different kinds, besides called-back. For an
administrator or an owner it is only requested: a second administrator has to
approve it, after a day at the earliest.`) + "\n\n" + actRule() + "\n\n" + scriptRule()
}

func actRule() string {
	return words.T(`It also needs --reason, 10 to 300 characters without addresses, long numbers or
codes, and --confirm-calm: nobody is applying pressure, and no other change is
wanted in this call. If the service’s answer is lost, this checks whether it was
done. What you did for the same user within the last hour is not done twice,
whatever the reason says; add --again if you want that.`)
}

func scriptRule() string {
	return words.T(`What comes first in the script must be named: the caller’s words with --phrase,
the next step and a backup code with --done. What was left out is named with
--skip, and --reason says why. A bypass code and a reset also need --check
called-back or --skip called-back and, where the words advise unlocking or two
codes, --skip advised, because that was of no use. A reset also needs --skip
bypass-code: it is for when a bypass code is not enough.`)
}

// actExample is how an act's command is used, with all that it needs.
func actExample(act link.DeskAct, use string) string {
	lines := []string{"  kutano helpdesk " + use + " ana@example.com --check called-back --check manager"}
	heard := `--phrase "038 096 066 216 160 097" --done step`
	switch act {
	case link.ActReset:
		lines = append(lines, heard+" --check video-id", "--skip backup-code --skip advised --skip bypass-code")
	case link.ActBypass:
		lines = append(lines, heard+" --check video-id", "--skip backup-code --skip advised")
	case link.ActUnlock, link.ActResync:
		lines = append(lines, heard+" --skip backup-code")
	}
	lines = append(lines, "--confirm-calm --ticket T-12", `--reason "`+words.T("The phone is lost, no backup codes.")+`"`)
	return strings.Join(lines, " \\\n    ")
}

func (a *App) helpdeskActCommand(act link.DeskAct) *cobra.Command {
	var f actFlags
	use, short, long := actWords(act)
	cmd := &cobra.Command{
		Use: use + " USER", Short: short, Long: long, Args: oneUser,
		Example: actExample(act, use),
		RunE:    a.withDesk(func(ctx context.Context, d deskAt, args []string) error { return a.deskAct(ctx, d, args[0], act, f) }),
	}
	flags := cmd.Flags()
	checks, done, skip := namesOf(helpdesk.Checks()), namesOf(mayBeDone), namesOf(mayBeSkipped)
	flags.StringArrayVar(&f.checks, "check", nil, words.T("how the caller was identified: `NAME` is one of {names}", "names", strings.Join(checks, ", ")))
	flags.StringVar(&f.reason, "reason", "", words.T("why, in one `sentence`"))
	flags.StringVar(&f.ticket, "ticket", "", words.T("the `number` of the ticket"))
	flags.StringVar(&f.phrase, "phrase", "", words.T("the caller’s six `words`"))
	flags.BoolVar(&f.calm, "confirm-calm", false, words.T("nobody is applying pressure, and no other change is wanted in this call"))
	flags.StringArrayVar(&f.done, "done", nil, words.T("what was done and did not help: `ITEM` is one of {names}", "names", strings.Join(done, ", ")))
	flags.StringArrayVar(&f.skip, "skip", nil, words.T("what was left out, for the --reason: `ITEM` is one of {names}", "names", strings.Join(skip, ", ")))
	flags.BoolVar(&f.again, "again", false, words.T("do it again, although the same was done within the last hour"))
	flags.BoolVar(&f.yes, "yes", false, words.T("do not ask"))
	if act == link.ActBypass {
		flags.BoolVar(&f.show, "show-code", false, words.T("with --json: include the code in the object"))
	}
	for flag, names := range map[string][]string{"check": checks, "done": done, "skip": skip} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	}
	return cmd
}

func namesOf[T ~string](all []T) []string {
	names := make([]string, len(all))
	for i, n := range all {
		names[i] = string(n)
	}
	return names
}

// deskAct does something for a user, with what a script says of the call.
func (a *App) deskAct(ctx context.Context, d deskAt, query string, act link.DeskAct, f actFlags) error {
	if err := a.mayShowCode(act, f); err != nil {
		return err
	}
	s, err := d.one(ctx, query)
	if err != nil {
		return err
	}
	if f.yes && !names(query, s) { // nobody looks whether it is the one who is meant
		return severalUsers(1)
	}
	c, err := f.call(d.agent, s)
	if err != nil {
		return err
	}
	r, err := c.Record(act)
	if err != nil {
		return a.lacking(err)
	}
	if !f.yes {
		sure, err := a.confirm(ctx, actQuestion(act, c.Verdict(act), s), "--yes", false)
		if err != nil || !sure {
			return orDeclined(err)
		}
	}
	w := a.doing(d, s, act, r)
	w.Again = f.again
	deed, o, err := w.Do(ctx)
	defer deed.Clear()
	note(c, act, o)
	return a.showDeed(ctx, c, w, deed, o, f.show, err)
}

// doing is an act that is about to be done.
func (a *App) doing(d deskAt, s link.Subject, act link.DeskAct, r link.Record) *desk.Doing {
	return &desk.Doing{Desk: d, ID: s.Who.ID, Act: act, Record: r, Now: a.Clock.Now, Wait: a.waits}
}

// mayShowCode refuses to make a code where it could not be shown.
func (a *App) mayShowCode(act link.DeskAct, f actFlags) error {
	switch {
	case act != link.ActBypass, a.json && f.show, !a.json && a.interactive() && isTerminal(a.Out):
		return nil
	case a.json:
		return usage(words.T("With --json, a bypass code is shown only if --show-code is given, too."), words.T("Add {flag} if you mean it.", "flag", "--show-code"))
	}
	return usage(words.T("A bypass code is shown only in a terminal."), words.T("For a program, add --json --show-code if you are sure."))
}

// call is the call that a script tells of: nothing stands in it that was not named.
func (f actFlags) call(agent helpdesk.Agent, s link.Subject) (*helpdesk.Call, error) {
	c := helpdesk.New(agent)
	c.Meet(s)
	if strings.TrimSpace(f.reason) == "" {
		return nil, usage(words.T("Give a reason."), words.T("Say why in one sentence: --reason \"The phone is lost, no backup codes.\""))
	}
	errs := []error{c.Remark(f.reason), c.Ticket(f.ticket)}
	for _, name := range f.checks {
		if !slices.Contains(helpdesk.Checks(), link.Check(name)) {
			return nil, helpdesk.ErrCheck
		}
		errs = append(errs, c.Tick(helpdesk.Item(name), true))
	}
	if f.phrase != "" {
		d, err := phrase.Decode(f.phrase, words.Current())
		if err != nil {
			return nil, err
		}
		c.Hear(d.Standing, d.Version)
	}
	if f.calm {
		errs = append(errs, c.Answer(helpdesk.Calm, true), c.Answer(helpdesk.Alone, true))
	}
	errs = append(errs, f.items(c))
	return c, errors.Join(errs...)
}

// items takes over what is named as done and as left out.
func (f actFlags) items(c *helpdesk.Call) error {
	for _, name := range f.done {
		if !slices.Contains(mayBeDone, helpdesk.Item(name)) {
			return noSuchItem(mayBeDone)
		}
		if err := c.Tick(helpdesk.Item(name), true); err != nil {
			return err
		}
	}
	for _, name := range f.skip {
		item := helpdesk.Item(name)
		if !slices.Contains(mayBeSkipped, item) {
			return noSuchItem(mayBeSkipped)
		}
		if s, _ := c.State(item); s == helpdesk.Done {
			return usage(words.T("{item} cannot be done and skipped.", "item", name), words.T("Name it once."))
		}
		if err := c.SkipByRemark(item); err != nil {
			return err
		}
	}
	return nil
}

func noSuchItem(all []helpdesk.Item) error {
	return usage(words.T("There is no such check."), words.T("Choose one of these: {names}.", "names", strings.Join(namesOf(all), ", ")))
}

// lacking says everything that is missing, and what to say.
func (a *App) lacking(err error) error {
	var missing *helpdesk.MissingError
	if a.json || !errors.As(err, &missing) {
		return err
	}
	for _, line := range missingLines(missing.Missing) {
		a.say(line)
	}
	return err
}

func missingLines(all []helpdesk.Missing) []string {
	var lines []string
	said := map[string]bool{}
	for _, m := range all {
		lines = append(lines, "  ! "+m.What)
		if m.Say != "" && !said[m.Say] {
			lines = append(lines, "    "+sayLine(m.Say))
			said[m.Say] = true
		}
	}
	return lines
}

func actQuestion(act link.DeskAct, v helpdesk.Verdict, s link.Subject) string {
	who := clean(s.Who.Email)
	if v == helpdesk.AskOnly {
		return words.T("{act} for {who}: ask a second administrator to approve it?", "act", helpdesk.ActName(act), "who", who)
	}
	return words.T("{act} for {who}?", "act", helpdesk.ActName(act), "who", who)
}
