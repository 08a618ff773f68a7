// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// trial is one operation on one kind of store, to be broken in every way.
type trial struct {
	*world
	name          string
	kind          keystore.Kind
	base          moment
	pass          string
	first, next   snapshot.Key // recovery keys: the one there is, and the one to be made
	before, after *view
}

func newTrial(w *world, name string, kind keystore.Kind) *trial {
	w.t.Helper()
	r := &trial{world: w, name: name, kind: kind, first: snapshot.NewKey(), next: snapshot.NewKey()}
	w.ring.Restart(w.t, true)
	w.restore(moment{})
	if w.kind = ""; r.op().founds {
		w.kind = kind
	}
	r.pass = w.arrange(r.op(), kind, r.first)
	r.base = w.now()
	var err error
	if r.op().founds {
		r.before = &view{kind: kind, pass: r.pass}
	} else if r.before, err = w.look(); err != nil {
		w.t.Fatal(err)
	}
	w.restore(r.base)
	if out, err := r.child(r.order()); err != nil {
		w.t.Fatalf("%s without any fault: %v, %s", name, err, out)
	}
	if r.after, err = w.look(); err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (r *trial) op() operation { return operations[r.name] }

func (r *trial) order() order {
	o := order{Dir: r.dir, State: r.state, Pass: r.pass, Do: r.name, Key: r.next.Identity().Reveal()}
	if r.op().founds {
		o.Kind = r.kind
	}
	return o
}

// child has a process do it, and returns what it said.
func (r *trial) child(o order) (string, error) {
	cmd := r.command(o)
	err := cmd.Run()
	return said(cmd), err
}

// command is a process that obeys an order.
func (w *world) command(o order) *exec.Cmd {
	b, err := json.Marshal(o)
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), orderVar+"="+string(b))
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd
}

// here does it in this process, and returns what the operation did.
func (r *trial) here(armed func()) error {
	err := r.order().run(context.Background(), armed)
	unwatch()
	return err
}

// untouched are the accounts that the operation leaves as they are.
func (r *trial) untouched() *view {
	u := &view{live: map[string]string{}}
	for text, label := range r.before.live {
		if r.after.live[text] == label {
			u.live[text] = label
		}
	}
	return u
}

// clean checks that nothing is left of a cut.
func (r *trial) clean(s *view) error {
	files := r.read(r.dir)
	_, cut := files["changing"]
	switch {
	case len(r.strays()) > 0:
		return fmt.Errorf("left over after the next change: %v", r.strays())
	case cut:
		return errors.New("the mark of a cut change stays")
	case strings.Contains(files["accounts.json"], `"guard":"?"`):
		return errors.New("the change of the passphrase was not brought to an end")
	case s.kind == keystore.File && len(r.items()) > 0:
		return fmt.Errorf("%d items are left in the keyring", len(r.items()))
	case s.kind == keystore.Keyring && files["secrets.sealed"] != "":
		return errors.New("the sealed file is left")
	}
	return nil
}

// holds checks that the newest snapshot has every account of a view.
func (r *trial) holds(s *view) error {
	folder := snapshot.OpenFolder(r.dir)
	list, err := folder.Verify()
	if err != nil || len(list) == 0 {
		return fmt.Errorf("%d snapshots: %w", len(list), err)
	}
	for _, c := range list {
		if c.Err != nil {
			return fmt.Errorf("snapshot %s: %w", c.Name, c.Err)
		}
	}
	d, err := r.decrypt(list[0].Name)
	if err != nil {
		return fmt.Errorf("newest snapshot: %w", err)
	}
	there := map[string]bool{}
	for _, e := range d.Accounts {
		there[e.URI.Reveal()] = true
	}
	for text, label := range s.live {
		if !there[text] {
			return fmt.Errorf("the newest snapshot has no %s", label)
		}
	}
	return nil
}

// decrypt opens a snapshot with the recovery key that it was made for.
func (r *trial) decrypt(name string) (snapshot.Document, error) {
	file, err := snapshot.OpenFolder(r.dir).Read(name)
	if err != nil {
		return snapshot.Document{}, err
	}
	d, err := snapshot.Decrypt(file, snapshot.Opener{Key: r.first})
	if errors.Is(err, snapshot.ErrWrongKey) {
		d, err = snapshot.Decrypt(file, snapshot.Opener{Key: r.next})
	}
	return d, err
}
