// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"testing"
	"time"

	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/vault/secret"
)

// again opens the rig's vault once more.
func again(r *rig) Opener {
	return func(ctx context.Context, _ func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		return OpenVault(r.dir, "", "", r.clock)(ctx, func(context.Context, bool) (secret.Value, error) {
			return secret.FromString("four words for tests"), nil
		})
	}
}

// The first picture of the window has the code, when the vault is quick.
func TestAwaitQuickVault(t *testing.T) { // R19
	r := newRig(t, kutanoURI)
	r.u.Stop()
	r.build(again(r))
	r.u.Await(30 * time.Second)
	if row := r.u.model.Row(0, r.clock.Now()); row.State != codes.Shown || row.Code == "" || !r.sees(row.Code) {
		t.Errorf("the first row before the window is shown: %+v", row)
	}
}

type checked struct {
	Vault
	done chan struct{}
}

func (c checked) Verify(ctx context.Context) error {
	defer close(c.done)
	return c.Vault.Verify(ctx)
}

// Every key is looked at once after the start.
func TestCheckAfterStart(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Stop()
	done := make(chan struct{})
	r.build(func(ctx context.Context, ask func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		v, err := again(r)(ctx, ask)
		return checked{v, done}, err
	})
	r.u.CheckAfter = time.Millisecond
	r.u.Await(30 * time.Second)
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Error("nothing was looked at")
	}
}

// A vault that takes its time does not keep the window away.
func TestAwaitSlowVault(t *testing.T) {
	r := newRig(t)
	free := make(chan struct{})
	r.u.Stop()
	r.build(func(ctx context.Context, ask func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		<-free
		return again(r)(ctx, ask)
	})
	r.u.Await(time.Millisecond)
	if r.u.vault != nil {
		t.Error("open before the vault was")
	}
	close(free)
	r.u.opened(<-r.u.Opening.done)
	if r.u.vault == nil {
		t.Error("not open after the vault was")
	}
}
