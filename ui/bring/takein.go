// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// came is what ended an import.
type came struct {
	taken vault.Taken
	in    bool // it is in
}

// takeIn puts what is ticked into the vault, as one change.
func (f *Flow) takeIn() {
	v, ok := f.vault()
	if !ok || f.job.pick == nil { // pressed twice
		return
	}
	j := f.job.takeOver()
	how := j.pick.take()
	stopping := false
	count := len(v.Accounts())
	var before vault.Intake // read by the work: it is in a file
	var bar *kit.Progress
	bar = f.pages.Busy(words.T("Bringing your accounts in"), words.T("Keeping them safe…"), func() {
		stopping = true
		bar.Set(words.T("Stopping…"), -1)
		f.pages.Cancel()
	})
	kit.Work(&f.pages, func(ctx context.Context) (came, error) {
		before = lastIntake(v)
		had := slices.ContainsFunc(v.Accounts(), isKutano)
		t, err := v.TakeIn(ctx, j.pick.found, how)
		if err == nil && !had {
			_ = kutanoFirst(ctx, v) // they are in: their place in the list is not worth an error
		}
		return came{t, err == nil}, err
	}, func(c came, err error) {
		f.came(j)
		switch {
		case errors.Is(err, context.Canceled):
			j.clear()
			f.stopped()
		case err != nil:
			f.job = *j
			f.failed(err)
		default:
			o := newOutcome(j, c.taken)
			o.late = stopping
			j.clear()
			f.done(o)
		}
	}, func(c came) { // locked or closed meanwhile
		f.came(j)
		if !c.in {
			j.clear()
			f.tell(func(v Vault) kit.Message { return sinceThen(v, before, count) })
			return
		}
		what, more := newOutcome(j, c.taken).sentences()
		j.clear()
		f.tell(func(Vault) kit.Message { return inAllTheSame(what, more...) })
	})
}

// lastIntake is the last import that there was; nothing where there was none.
func lastIntake(v Vault) vault.Intake {
	last, _ := v.LastIntake()
	return last
}

// sinceThen says what became of an import that was cut short by the lock: the vault
// finishes it, or takes it back, once it is unlocked, and only then it is known which.
func sinceThen(v Vault, before vault.Intake, count int) kit.Message {
	n := len(v.Accounts()) - count
	if last := lastIntake(v); last != before {
		n = max(n, last.Added+last.Replaced+last.Back)
	}
	if n <= 0 {
		return nothingCame()
	}
	return inAllTheSame(words.N(n, "1 account is in.", "{n} accounts are in."))
}

func inAllTheSame(what string, more ...string) kit.Message {
	return kit.Message{
		What: what, Safe: strings.Join(more, " "),
		Next: words.T("If you did not want that: it can be undone where accounts are brought in."),
	}
}

func isKutano(a vault.Account) bool { return a.Kutano }

// kutanoFirst puts the first accounts of Kutano on top of the list.
func kutanoFirst(ctx context.Context, v Vault) error {
	var order, others []vault.ID
	for _, a := range v.Accounts() {
		if a.Kutano {
			order = append(order, a.ID)
		} else {
			others = append(others, a.ID)
		}
	}
	if len(order) == 0 || len(others) == 0 {
		return nil
	}
	return v.Reorder(ctx, append(order, others...))
}

// came shows the accounts anew.
func (f *Flow) came(j *job) {
	for i := range j.pick.items {
		if it := &j.pick.items[i]; it.state == differs && it.use == instead {
			f.Forget(j.pick.found[it.found].Account.ID)
		}
	}
	f.Reload()
}
