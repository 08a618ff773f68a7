// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/bring"
	clockpage "github.com/kutano/authenticator/ui/clock"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/ui/setup"
	"github.com/kutano/authenticator/ui/takeout"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Vault is what the window needs of the accounts. [*vault.Vault] is one.
type Vault interface {
	add.Accounts
	codes.Source
	codes.Keeper
	clockpage.Vault
	Guard
	safety.Vault
	bring.Vault
	takeout.Vault
	setup.Vault
	Keepsake(ctx context.Context, name string) (secret.Value, error)
	SetKeepsake(ctx context.Context, name string, value secret.Value) error
	Kind() keystore.Kind
	KeyLength(ctx context.Context, id vault.ID) (int, error)
	Dir() string
	Removed() []vault.Account
	Aside() []vault.Aside
	Erase(ctx context.Context, id vault.ID) error
	Verify(ctx context.Context) error
	Tend()
	MoveTo(ctx context.Context, kind keystore.Kind, passphrase secret.Value) error
	Watch(ctx context.Context) (<-chan struct{}, error)
	Close() error
}

// Opener opens a vault; passphrase is asked for a sealed file only.
type Opener func(ctx context.Context, passphrase func(ctx context.Context, create bool) (secret.Value, error)) (Vault, error)

// OpenVault is the Opener of a real vault; state is vault.Options.State.
func OpenVault(dir, state string, kind keystore.Kind, c clock.Clock) Opener {
	return func(ctx context.Context, ask func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		v, err := vault.Open(ctx, vault.Options{Dir: dir, Store: kind, Passphrase: ask, Now: c.Now, State: state})
		if err != nil {
			return nil, err // not a nil *vault.Vault in an interface
		}
		return v, nil
	}
}

// ResetPassphrase is the Reset of a real vault.
func ResetPassphrase(dir string, kind keystore.Kind, c clock.Clock) safety.Reset {
	return func(ctx context.Context, key snapshot.Key, passphrase secret.Value) error {
		return vault.ResetPassphrase(ctx, vault.Options{Dir: dir, Store: kind, Now: c.Now}, key, passphrase)
	}
}

// firstRows is how many rows are surely in view in the first frame.
const firstRows = 6

// errQuit is the answer of a user who would rather leave than type the
// passphrase.
var errQuit = errors.New("the user left")

// Opening opens the vault while the window is still being made.
type Opening struct {
	ctx    context.Context
	cancel context.CancelFunc
	open   Opener
	clock  clock.Clock
	model  *codes.Model
	// changed is called when codes came; nil until the window listens.
	changed chan struct{}
	asks    chan ask
	done    chan opened
}

// ask is the question for a passphrase.
type ask struct {
	create bool
	wrong  bool          // the one before was wrong
	wait   time.Duration // how long none is taken
	answer chan secret.Value
}

// opened is how opening ended.
type opened struct {
	vault Vault
	err   error
}

// Open begins to open a vault; c is the clock that codes are made with.
func Open(open Opener, c clock.Clock) *Opening {
	o := &Opening{
		open: open, clock: c,
		changed: make(chan struct{}, 1), asks: make(chan ask), done: make(chan opened, 1),
	}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	o.model = codes.NewModel(nil, func() {
		select {
		case o.changed <- struct{}{}:
		default:
		}
	})
	go o.run(o.ctx)
	return o
}

// Again tries once more; prompting allows the system to ask the user.
func (o *Opening) Again(prompting bool) {
	ctx := o.ctx
	if prompting {
		ctx = keystore.Prompting(ctx)
	}
	go o.run(ctx)
}

// run opens the vault, and asks for the passphrase until it is right. While a
// delay after wrong ones runs the vault takes none and asks for none: then the
// answer comes first, and is kept for the vault's question.
func (o *Opening) run(ctx context.Context) {
	wrong := false // the last one that was tried
	var held secret.Value
	for {
		tried := false
		v, err := o.open(ctx, func(ctx context.Context, create bool) (secret.Value, error) {
			tried = true
			if held.Len() > 0 {
				p := held
				held = secret.Value{}
				return p, nil
			}
			return o.passphrase(ctx, ask{create: create, wrong: wrong})
		})
		held.Clear()
		held = secret.Value{}
		wrong = wrong || tried
		if late := (*vault.WaitError)(nil); errors.As(err, &late) {
			if held, err = o.passphrase(ctx, ask{wrong: wrong, wait: late.For}); err == nil {
				wrong = false
				continue
			}
		}
		if errors.Is(err, keystore.ErrPassphrase) {
			continue
		}
		if err == nil {
			o.model.SetSource(v)
			o.model.SetAccounts(v.Accounts())
			now := o.clock.Now()
			for i := range firstRows {
				o.model.Row(i, now)
			}
		}
		o.done <- opened{v, err}
		return
	}
}

// Await gives the vault a moment to open before the window is shown, so that
// the first picture has the codes already and nothing is painted twice. What
// takes longer comes when it comes.
func (u *UI) Await(limit time.Duration) {
	late := time.After(limit)
	select {
	case r := <-u.Opening.done:
		u.opened(r)
	case <-late:
		return
	}
	for u.vault != nil && u.model.Waits(firstRows, u.True.Now()) {
		select {
		case <-u.Opening.changed:
		case <-late:
			return
		}
	}
	u.refreshCodes()
}

func (o *Opening) passphrase(ctx context.Context, q ask) (secret.Value, error) {
	q.answer = make(chan secret.Value, 1)
	select {
	case o.asks <- q:
	case <-ctx.Done():
		return secret.Value{}, ctx.Err()
	}
	select {
	case p := <-q.answer:
		if p.Len() == 0 {
			return secret.Value{}, errQuit
		}
		return p, nil
	case <-ctx.Done():
		return secret.Value{}, ctx.Err()
	}
}
