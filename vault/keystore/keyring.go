// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/kutano/authenticator/vault/secret"
)

// service is the name under which all items stand in the system's keyring.
const service = "kutano-authenticator"

// queue is the one way to the system's keyring for the whole process: its
// prompts and its failures concern all stores alike.
var queue = newLine(limits{silent: 3 * time.Second, prompt: 65 * time.Second, answer: time.Minute, coolDown: 15 * time.Second})

type promptKey struct{}

// Prompting returns a context under which calls may make the system ask the
// user to unlock the keyring, and wait a minute for the answer. Calls under
// any other context fail with ErrLocked instead, as far as the system tells
// beforehand: macOS may still ask for access to an item.
func Prompting(ctx context.Context) context.Context {
	return context.WithValue(ctx, promptKey{}, true)
}

func mayPrompt(ctx context.Context) bool { return ctx.Value(promptKey{}) != nil }

// keyringStore keeps items in the system's keyring under names with a suffix.
type keyringStore struct {
	suffix string
	line   *line

	mu   sync.Mutex
	lock keyringLock
}

// OpenKeyring returns the store in the operating system's keyring. It does not
// call the keyring yet. The space is empty or eight hexadecimal digits, which
// keep the items of several vaults apart.
func OpenKeyring(space string) (Store, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	s := &keyringStore{line: queue}
	if space == "" {
		return s, nil
	}
	if !isSpace(space) {
		return nil, fmt.Errorf("%w: the space is not eight hexadecimal digits", ErrInvalid)
	}
	s.suffix = "-" + space
	return s, nil
}

func isSpace(s string) bool {
	if len(s) != 8 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// supported tells whether go-keyring can work here at all. It also compiles
// where it cannot: on Android as if it were Linux, on iOS as if it were macOS.
func supported() error {
	switch runtime.GOOS {
	case "android", "ios", "js", "wasip1", "plan9", "aix":
		return fmt.Errorf("%w on %s", ErrNoService, runtime.GOOS)
	}
	return nil
}

// Probe returns nil when there is a keyring and it is unlocked, and else the
// error that a call would give. It never makes the system ask anything.
func Probe(ctx context.Context) error {
	if err := supported(); err != nil {
		return err
	}
	return classify("look at the keyring", queue.do(ctx, silent, ready))
}

// Kind returns Keyring.
func (s *keyringStore) Kind() Kind { return Keyring }

// Close clears the key.
func (s *keyringStore) Close() error {
	s.Lock()
	return nil
}

// errUnsure is glance's answer to all that is not plain.
var errUnsure = errors.New("not to be seen at a glance")

// Get returns the item's value.
func (s *keyringStore) Get(ctx context.Context, name string) (secret.Value, error) {
	v, err := s.fetch(ctx, name)
	if err != nil {
		return secret.Value{}, err
	}
	return s.reveal(ctx, name, v)
}

// fetch returns what stands in the keyring.
func (s *keyringStore) fetch(ctx context.Context, name string) (secret.Value, error) {
	user, err := s.user(name)
	if err != nil {
		return secret.Value{}, err
	}
	// The closures write to variables that nobody reads when a call is abandoned.
	var seen, read secret.Value
	err = s.line.do(ctx, silent, func() (err error) { seen, err = glance(user); return err })
	switch {
	case err == nil:
		return seen, nil
	case errors.Is(err, errUnsure), mayPrompt(ctx) && !errors.Is(err, ErrNotFound):
	default:
		return secret.Value{}, classify("read "+name, err)
	}
	err = s.call(ctx, "read "+name, func() error {
		t, err := keyring.Get(service, user)
		read = secret.FromString(t)
		return err
	})
	if err != nil {
		return secret.Value{}, err
	}
	return read, nil
}

// Put stores the items one after the other, sealed where there is a lock, and
// reads each back: a dismissed prompt and some failures of the system look like
// success.
func (s *keyringStore) Put(ctx context.Context, items ...Item) error {
	for _, it := range items {
		if _, err := s.user(it.Name); err != nil {
			return err
		}
		if it.Name == LockItem {
			return fmt.Errorf("%w: the name is taken", ErrInvalid)
		}
		if err := checkValue(it.Name, it.Value, bulk); err != nil {
			return err
		}
	}
	l, err := s.current(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if l == nil {
		return s.store(ctx, items...)
	}
	defer l.key.Clear()
	sealed := make([]Item, len(items))
	for i, it := range items {
		if it.Value.Len() > Sealed(bulk) {
			return fmt.Errorf("%w: %s has %d bytes, more than %d under a passphrase", ErrTooLarge, it.Name, it.Value.Len(), Sealed(bulk))
		}
		sealed[i] = Item{it.Name, l.seal(it.Name, it.Value)}
	}
	return s.store(ctx, sealed...)
}

// store writes the items as they are to stand in the keyring.
func (s *keyringStore) store(ctx context.Context, items ...Item) error {
	users := make([]string, len(items))
	for i, it := range items {
		user, err := s.user(it.Name)
		if err != nil {
			return err
		}
		if err := checkValue(it.Name, it.Value, bulk); err != nil {
			return err
		}
		users[i] = user
	}
	for i, it := range items {
		put := func() error { return s.put(ctx, users[i], it) }
		if err := hooked(Change{Name: it.Name, Do: put}); err != nil {
			return err
		}
	}
	return nil
}

func (s *keyringStore) put(ctx context.Context, user string, it Item) error {
	text := it.Value.Reveal()
	return s.call(ctx, "store "+it.Name, func() error {
		if err := keyring.Set(service, user, text); err != nil {
			return err
		}
		// Not it.Value, which the caller clears, also when this call is abandoned.
		seen, err := glance(user)
		same := err == nil && string(seen.Bytes()) == text
		seen.Clear()
		if same {
			return nil
		}
		if err := ready(); err != nil { // a locked keyring would ask again
			return err
		}
		got, err := keyring.Get(service, user)
		if errors.Is(err, keyring.ErrNotFound) || err == nil && got != text {
			return ErrNotStored
		}
		return err
	})
}

// maxTwins is how many items of the same name Delete removes: other programs
// can add some, and go-keyring deletes the first it finds.
const maxTwins = 8

// Delete removes the item and looks whether it is gone.
func (s *keyringStore) Delete(ctx context.Context, name string) error {
	user, err := s.user(name)
	if err != nil {
		return err
	}
	return hooked(Change{Name: name, Remove: true, Do: func() error { return s.remove(ctx, name, user) }})
}

func (s *keyringStore) remove(ctx context.Context, name, user string) error {
	return s.call(ctx, "delete "+name, func() error {
		for range maxTwins {
			err := keyring.Delete(service, user)
			if errors.Is(err, keyring.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := ready(); err != nil {
				return err
			}
			if _, err = keyring.Get(service, user); errors.Is(err, keyring.ErrNotFound) {
				return nil
			}
		}
		return fmt.Errorf("%w: it is still there", ErrDenied)
	})
}

func (s *keyringStore) user(name string) (string, error) {
	user := name + s.suffix
	if err := checkName(user); err != nil {
		return "", err
	}
	return user, nil
}

// breath is the time before a second try: what ended in the first is noticed
// everywhere by then, and a service that starts again has begun to.
const breath = 50 * time.Millisecond

// call runs f against an unlocked keyring. It unlocks it first when ctx allows
// that, and tries once more after errors that say nothing about the next try.
func (s *keyringStore) call(ctx context.Context, what string, f func() error) error {
	err := s.attempt(ctx, f)
	if again(err) {
		select {
		case <-time.After(breath):
			err = s.attempt(ctx, f)
		case <-ctx.Done():
			err = ended(ctx)
		}
	}
	return classify(what, err)
}

func (s *keyringStore) attempt(ctx context.Context, f func() error) error {
	if !mayPrompt(ctx) {
		return s.line.do(ctx, silent, func() error {
			if err := ready(); err != nil {
				return err
			}
			return f()
		})
	}
	err := s.line.do(ctx, silent, ready)
	if errors.Is(err, ErrLocked) || errors.Is(err, errNoCollection) {
		err = s.line.do(ctx, asking, func() error { return unlock(ctx, s.line.limits.answer) })
	}
	if err != nil {
		return err
	}
	return s.line.do(ctx, perhaps, f)
}
