// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/rotate"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/store"
)

func (w World) key() *cobra.Command {
	return group("key", "Make and change the keys that the database's secrets are sealed with", w.keyNew(), w.keyRotate())
}

func (w World) keyNew() *cobra.Command {
	return &cobra.Command{
		Use: "new FILE", Short: "Write a new random key into a file that only you can read", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := writeKey(args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s holds the new key %x. Keep a copy elsewhere than the backups of the database.\n", args[0], id)
			return err
		},
	}
}

// writeKey never replaces a file: a key that is gone takes everyone's second factor with it.
func writeKey(path string) (id seal.ID, err error) {
	key := make([]byte, seal.KeySize)
	_, _ = rand.Read(key) // never fails
	keys, err := seal.New(key)
	if err != nil {
		return id, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return id, refused("%s is there already and is left as it is", path)
	}
	if err != nil {
		return id, fmt.Errorf("write a key: %w", err)
	}
	_, err = io.WriteString(f, base64.StdEncoding.EncodeToString(key)+"\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return id, fmt.Errorf("write a key: %w", errors.Join(err, os.Remove(path)))
	}
	return keys.Current(), nil
}

func (w World) keyRotate() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Seal everything anew with the first key", Args: cobra.NoArgs,
		Long: `Rotate seals everything in the database anew with the first of keys.files, so that the others can go.

  1. kutano-2fa key new FILE, and put it first in keys.files, before the old one
  2. restart all instances
  3. kutano-2fa key rotate
  4. wait a day, then take the old key out of keys.files, and restart

It runs beside the service, can be stopped at any time and begun again. Exit code 3 when it is not complete.`,
	}
	return w.withService(c, func(ctx context.Context, svc *service.Service, _ []string) error {
		r, err := rotate.All(ctx, svc.DB, svc.Keys)
		out := c.OutOrStdout()
		for _, n := range r.Columns {
			fmt.Fprintf(out, "%-28s %d sealed, %d anew, %d cannot be opened with the keys that are here\n", n.Table+"."+n.Column, n.Sealed, n.Anew, n.Unreadable)
		}
		fmt.Fprintf(out, "%-28s %d anew\n", "audit log", r.Audit.Anew)
		if err != nil {
			return err
		}
		if !r.Complete {
			fmt.Fprintln(out, "! Not complete: an instance still seals with another key. Restart all of them with the new key first, and run this again.")
			return &exit{code: Found}
		}
		err = svc.DB.Tx(ctx, func(q store.Q) error {
			detail := map[string]string{"key": fmt.Sprintf("%x", svc.Keys.Current())}
			_, err := audit.Write(ctx, q, audit.Event{At: svc.Clock(), Action: audit.KeysRotated, Detail: detail})
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "✓ Complete. The old keys can go in %s.\n", rotate.KeepOld)
		return err
	})
}
