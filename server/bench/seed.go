// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func makeKey(folder string) (keys *seal.Keys, path string, err error) {
	key := make([]byte, seal.KeySize)
	_, _ = rand.Read(key) // never fails
	if keys, err = seal.New(key); err != nil {
		return nil, "", err
	}
	path = filepath.Join(folder, "key")
	return keys, path, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(key)), 0o600)
}

// seeder makes users with an app, and sign-ins of theirs that wait for its code.
type seeder struct {
	db      *store.DB
	keys    *seal.Keys
	cluster *cluster // nil for SQLite
	have    int
}

func userID(n int) string { return fmt.Sprintf("%032x", n) }

// secretOf is the key of a user's app, so that the driver knows it too.
func secretOf(n int) []byte {
	h := hmac.New(sha256.New, []byte("kutano-2fa bench"))
	_ = binary.Write(h, binary.BigEndian, uint64(n)) // a hash takes all
	return h.Sum(nil)[:otp.SecretSize]
}

// rows is how many rows go into one statement.
const rows = 400

// grow adds users until there are so many.
func (s *seeder) grow(ctx context.Context, to int) error {
	now := store.Millis(time.Now())
	for s.have < to {
		n := min(rows, to-s.have)
		users := make([]any, 0, 4*n)
		factors := make([]any, 0, 3*n)
		guards := make([]any, 0, n)
		for i := s.have; i < s.have+n; i++ {
			id := userID(i)
			sealed := s.keys.Seal(seal.Place{Table: "factors", Row: id, Column: "secret"}, secretOf(i))
			users = append(users, id, fmt.Sprintf("user%d@example.com", i), fmt.Sprintf("User %d", i), now)
			factors = append(factors, id, sealed, now)
			guards = append(guards, id) // setting a method up makes it
		}
		err := s.db.Tx(ctx, func(q store.Q) error {
			_, err := q.Exec(ctx, "INSERT INTO users (id, email, name, role, created_at) VALUES "+list("(?, ?, ?, 'user', ?)", n), users...)
			if err != nil {
				return err
			}
			if _, err = q.Exec(ctx, "INSERT INTO factors (user_id, method, secret, created_at) VALUES "+list("(?, 'totp', ?, ?)", n), factors...); err != nil {
				return err
			}
			_, err = q.Exec(ctx, "INSERT INTO guards (user_id, failures, not_before) VALUES "+list("(?, 0, 0)", n), guards...)
			return err
		})
		if err != nil {
			return err
		}
		s.have += n
	}
	return s.count(ctx)
}

// count has the database count its rows, as PostgreSQL does by itself within a
// minute: until then it plans for the few rows that there were.
func (s *seeder) count(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "ANALYZE") //nolint:misspell // as SQL writes it
	return err
}

func list(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+", ", n), ", ") }

// visit is a sign-in that waits for its code.
type visit struct {
	user  int
	token string
}

// wait makes sign-ins of users, which wait for their second factor.
func (s *seeder) wait(ctx context.Context, users []int) ([]visit, error) {
	all := make([]visit, 0, len(users))
	for len(users) > 0 {
		n := min(rows, len(users))
		var made []visit
		err := s.db.Tx(ctx, func(q store.Q) error {
			made = made[:0]
			for _, u := range users[:n] {
				_, token, err := session.Start(ctx, q, userID(u), "email", "bench", session.Second, time.Now())
				if err != nil {
					return err
				}
				made = append(made, visit{u, token})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all, users = append(all, made...), users[n:]
	}
	return all, s.count(ctx)
}
