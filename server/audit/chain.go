// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// row is a row of the log as it is stored, byte for byte.
type row struct {
	id, at                         int64
	actor, subject, action, detail string
}

const rowColumns = "id, at, actor, subject, action, detail"

func (r *row) fields() []any {
	return []any{&r.id, &r.at, &r.actor, &r.subject, &r.action, &r.detail}
}

// sum is the hash of everything that a row says. Numbers have eight bytes and
// texts their length before them, so that no two rows are written alike.
func (r *row) sum() []byte {
	b := binary.BigEndian.AppendUint64([]byte("kutano-2fa audit row\x00"), uint64(r.id))
	b = binary.BigEndian.AppendUint64(b, uint64(r.at))
	for _, s := range []string{r.actor, r.subject, r.action, r.detail} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	h := sha256.Sum256(b)
	return h[:]
}

// chained is the hash of the chain up to and with a row: over the hash before it,
// the row's place and the row's hash.
func chained(before []byte, seq int64, sum []byte) []byte {
	b := append([]byte("kutano-2fa audit chain\x00"), bytes.Clone(before)...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq))
	h := sha256.Sum256(append(b, sum...))
	return h[:]
}

// mark is what a closed row carries: its hash, the chain's, and a keyed hash over
// both. The chain itself needs no key, so that changing keys changes no place in it.
type mark struct{ sum, chain, mac []byte }

const macUse = "audit chain"

func newMark(keys *seal.Keys, before []byte, seq int64, r *row) mark {
	m := mark{sum: r.sum()}
	m.chain = chained(before, seq, m.sum)
	m.mac = keys.MAC(macUse, string(m.sum), string(m.chain))
	return m
}

func (m mark) bytes() []byte { return bytes.Join([][]byte{m.sum, m.chain, m.mac}, nil) }

func markOf(b []byte) (mark, bool) {
	if len(b) <= 2*sha256.Size {
		return mark{}, false
	}
	return mark{b[:sha256.Size], b[sha256.Size : 2*sha256.Size], b[2*sha256.Size:]}, true
}

func (m mark) genuine(keys *seal.Keys) bool {
	return keys.Match(m.mac, macUse, string(m.sum), string(m.chain))
}

// Head is the end of the chain. Noted elsewhere — on paper, in another system —
// it lets Verify notice a tail that was cut off. It is not secret.
type Head struct {
	Seq  int64
	Hash []byte // 32 bytes; empty where Seq is 0
}

// String is the head as it is noted: the number of rows, a colon, the hash in hexadecimal.
func (h Head) String() string { return strconv.FormatInt(h.Seq, 10) + ":" + hex.EncodeToString(h.Hash) }

// ParseHead reads what String wrote.
func ParseHead(text string) (Head, error) {
	seq, hash, _ := strings.Cut(strings.TrimSpace(text), ":")
	h := Head{}
	var err, bad error
	h.Seq, err = strconv.ParseInt(seq, 10, 64)
	h.Hash, bad = hex.DecodeString(hash)
	if err != nil || bad != nil || h.Seq < 0 || h.Seq == 0 && len(h.Hash) != 0 || h.Seq > 0 && len(h.Hash) != sha256.Size {
		return Head{}, errors.New("the head of the audit log is written as NUMBER:HASH, with 64 hexadecimal digits")
	}
	return h, nil
}

// Latest returns the present end of the chain, to be noted elsewhere.
func Latest(ctx context.Context, q store.Q) (Head, error) { return head(ctx, q, "") }

func head(ctx context.Context, q store.Q, lock string) (Head, error) {
	var h Head
	if err := q.Row(ctx, "SELECT seq, mac FROM audit_head WHERE one = 1"+lock, nil, &h.Seq, &h.Hash); err != nil {
		return Head{}, fmt.Errorf("read the head of the audit log: %w", err)
	}
	return h, nil
}

// batch is how many rows are closed in one transaction, in which the head's row
// is held.
const batch = 512

// ErrBroken means that the end of the chain is not where it was left: someone set it
// back or changed it. Nothing is closed on top of that, since it would make what
// they wrote genuine.
var ErrBroken = errors.New("the audit log does not end where it was closed last")

// Close closes the chain over all open rows, in the order of their ids, and
// returns how many. Of several at a time, the others wait and find nothing to do.
// Stopped in the middle, it goes on where it was the next time.
func Close(ctx context.Context, db *store.DB, keys *seal.Keys) (n int, err error) {
	c := Closer{DB: db, Keys: keys}
	n, _, err = c.Close(ctx)
	return n, err
}

// Closer closes again and again, and remembers where it ended: who sets rows and
// head in the database back while it runs does not get them closed anew. It must
// not be copied or used by two at once.
type Closer struct {
	DB   *store.DB
	Keys *seal.Keys
	last Head
}

// Close is the function Close; head is where the chain ends now. ErrBroken, and
// nothing closed, where it was set back since the last call.
func (c *Closer) Close(ctx context.Context) (n int, end Head, err error) {
	for {
		var done int
		err := c.DB.Tx(ctx, func(q store.Q) (err error) {
			done, end, err = closeBatch(ctx, q, c.Keys, c.last)
			return err
		})
		if err != nil {
			return n, c.last, fmt.Errorf("close the chain of the audit log: %w", err)
		}
		c.last = end
		if n += done; done < batch {
			return n, end, nil
		}
	}
}

// anchored is ErrBroken unless the chain ends with a genuine row, and goes through last.
func anchored(ctx context.Context, q store.Q, keys *seal.Keys, h, last Head) error {
	if h.Seq < last.Seq {
		return ErrBroken
	}
	for _, at := range []Head{h, last} {
		if at.Seq == 0 {
			continue
		}
		var written []byte
		err := q.Row(ctx, "SELECT mac FROM audit WHERE seq = ?", []any{at.Seq}, &written)
		if errors.Is(err, store.ErrNone) {
			return ErrBroken
		}
		if err != nil {
			return err
		}
		m, ok := markOf(written)
		key, _ := seal.MACKey(m.mac)
		if !ok || !bytes.Equal(m.chain, at.Hash) || keys.Has(key) && !m.genuine(keys) {
			return ErrBroken
		}
	}
	return nil
}

func closeBatch(ctx context.Context, q store.Q, keys *seal.Keys, last Head) (int, Head, error) {
	h, err := head(ctx, q, q.Lock())
	if err == nil {
		err = anchored(ctx, q, keys, h, last)
	}
	if err != nil {
		return 0, h, err
	}
	var args []any // place, mark and id of each row
	n := 0
	err = q.Rows(ctx, "SELECT "+rowColumns+" FROM audit WHERE seq IS NULL ORDER BY id LIMIT ?", []any{batch}, func(scan func(...any) error) error {
		var r row
		if err := scan(r.fields()...); err != nil {
			return err
		}
		m := newMark(keys, h.Hash, h.Seq+1, &r)
		h = Head{Seq: h.Seq + 1, Hash: m.chain}
		args = append(args, h.Seq, m.bytes(), r.id)
		n++
		return nil
	})
	if err != nil || n == 0 {
		return 0, h, err
	}
	if err := writeMarks(ctx, q, args); err != nil {
		return 0, h, err
	}
	_, err = q.Exec(ctx, "UPDATE audit_head SET seq = ?, mac = ? WHERE one = 1", h.Seq, h.Hash)
	return n, h, err
}

// writeMarks writes places and marks. PostgreSQL gets many rows in a statement, in
// few sizes, since most of its time goes into asking; SQLite is asked at no cost,
// and finds a single row by its id.
func writeMarks(ctx context.Context, q store.Q, args []any) error {
	sizes := []int{64, 8, 1}
	if q.Kind() == store.SQLite {
		sizes = []int{1}
	}
	for _, size := range sizes {
		query := markQuery(size)
		for ; len(args) >= 3*size; args = args[3*size:] {
			n, err := q.Exec(ctx, query, args[:3*size]...)
			if err != nil {
				return err
			}
			if n != int64(size) {
				return errors.New("rows of the audit log changed while they were closed")
			}
		}
	}
	return nil
}

func markQuery(size int) string {
	if size == 1 {
		return "UPDATE audit SET seq = ?, mac = ? WHERE id = ? AND seq IS NULL"
	}
	// The first row says what the types are.
	return "WITH v (seq, mac, id) AS (VALUES (CAST(? AS BIGINT), CAST(? AS BYTEA), CAST(? AS BIGINT))" + strings.Repeat(", (?, ?, ?)", size-1) +
		") UPDATE audit SET seq = v.seq, mac = v.mac FROM v WHERE audit.id = v.id AND audit.seq IS NULL"
}
