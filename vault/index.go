// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

const (
	indexName    = "accounts.json"
	indexVersion = 1
	maxIndex     = 64 << 20 // bytes; ten thousand accounts take two million
)

var errIndex = errors.New("not an index of accounts")

// index is what accounts.json says. A published index is never modified.
type index struct {
	Version  int           `json:"version"`
	Store    keystore.Kind `json:"store"`
	Space    string        `json:"space,omitempty"`   // tells the items of this folder from another folder's
	Guard    string        `json:"guard,omitempty"`   // the lock that all pages are under, see setGuard
	Leaving  keystore.Kind `json:"leaving,omitempty"` // the other store, while it may have copies, see setLeaving
	Notices  []Notice      `json:"notices,omitempty"`
	Above    uint64        `json:"above,omitempty"` // no page that cannot be read has a higher generation
	Pages    []pageInfo    `json:"pages"`
	Aside    []asideRecord `json:"aside,omitempty"`
	accounts []Account
	live     []Account  // those not removed, built by seal
	at       map[ID]int // place in accounts, built by seal
}

// pageInfo is what the index knows of a page without reading it.
type pageInfo struct {
	Gen     uint64 `json:"gen"`
	Size    int    `json:"size"`
	Entries int    `json:"entries"`
	Opaque  bool   `json:"opaque,omitempty"` // cannot be read: never written
}

type asideRecord struct {
	Page   int    `json:"page"`
	Name   string `json:"name,omitempty"`
	Reason string `json:"reason"`
}

// record is an account in the file. What has its usual value is left out: the
// file is read at each start of the command line.
type record struct {
	ID        ID       `json:"id"`
	Page      int      `json:"page"`
	Issuer    string   `json:"issuer,omitempty"`
	Name      string   `json:"name,omitempty"`
	Type      string   `json:"type,omitempty"`
	Algorithm string   `json:"algorithm,omitempty"`
	Digits    int      `json:"digits,omitempty"`
	Period    int      `json:"period,omitempty"`
	Counter   uint64   `json:"counter,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Note      string   `json:"note,omitempty"`
	Icon      string   `json:"icon,omitempty"`
	Favourite bool     `json:"favourite,omitempty"`
	Used      int64    `json:"used,omitempty"`
	Verified  int64    `json:"verified,omitempty"`
	Removed   int64    `json:"removed,omitempty"`
	Of        ID       `json:"of,omitempty"`
}

func (a Account) record() record {
	r := record{
		ID: a.ID, Page: a.page, Issuer: a.Issuer, Name: a.Name, Counter: a.Counter,
		Tags: a.Tags, Note: a.Note, Icon: a.Icon, Favourite: a.Favourite,
		Used: unixSeconds(a.LastUsed), Verified: unixSeconds(a.Verified), Removed: unixSeconds(a.Removed), Of: a.of,
	}
	if a.Type != otpauth.TOTP {
		r.Type = a.Type.String()
	}
	if a.Algorithm != otpauth.SHA1 {
		r.Algorithm = a.Algorithm.String()
	}
	if a.Digits != otpauth.DefaultDigits {
		r.Digits = a.Digits
	}
	if a.Period != otpauth.DefaultPeriod {
		r.Period = a.Period
	}
	return r
}

func (r *record) account() (Account, bool) {
	a := Account{
		ID: r.ID, page: r.Page, Issuer: r.Issuer, Name: r.Name, Counter: r.Counter,
		Type: otpauth.TOTP, Algorithm: otpauth.SHA1, Digits: otpauth.DefaultDigits, Period: r.Period,
		Tags: r.Tags, Note: r.Note, Icon: r.Icon, Favourite: r.Favourite, Kutano: isKutano(r.Issuer),
		LastUsed: unixTime(r.Used), Verified: unixTime(r.Verified), Removed: unixTime(r.Removed), of: r.Of,
	}
	ok := validID(string(r.ID)) && r.Page >= -1
	if r.Type != "" {
		var known bool
		a.Type, known = otpauth.ParseType(r.Type)
		ok = ok && known
	}
	if r.Algorithm != "" {
		var known bool
		a.Algorithm, known = parseAlgorithm(r.Algorithm)
		ok = ok && known
	}
	if r.Digits != 0 {
		a.Digits = r.Digits
	}
	if a.Period == 0 && a.Type != otpauth.HOTP {
		a.Period = otpauth.DefaultPeriod
	}
	a.folded = foldWide(a)
	return a, ok
}

func parseAlgorithm(s string) (otpauth.Algorithm, bool) {
	for _, a := range []otpauth.Algorithm{otpauth.SHA1, otpauth.SHA256, otpauth.SHA512} {
		if s == a.String() {
			return a, true
		}
	}
	return 0, false
}

// encode writes the index, an account a line.
func (x *index) encode() ([]byte, error) {
	head, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("write index: %w", err)
	}
	var b bytes.Buffer
	b.Write(head[:len(head)-1])
	b.WriteString(accountsHead)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, a := range x.accounts {
		if i > 0 {
			b.WriteByte(',')
		} else {
			b.WriteByte('\n')
		}
		if err := enc.Encode(a.record()); err != nil {
			return nil, fmt.Errorf("write index: %w", err)
		}
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

// decodeIndex reads what encode wrote, and any JSON that says the same. Anything
// else is an error that wraps errIndex, or ErrNewer for a later version's file.
func decodeIndex(text string) (*index, error) {
	x, ok := decodeLines(text)
	if !ok {
		var err error
		if x, err = decodeJSON(text); err != nil {
			return nil, err
		}
	}
	if x.Version < 1 || x.Store != keystore.Keyring && x.Store != keystore.File {
		return nil, errIndex
	}
	if x.Above > lastGen {
		return nil, errIndex
	}
	for _, p := range x.Pages {
		if p.Gen > lastGen || p.Size < 0 || p.Entries < 0 {
			return nil, errIndex
		}
	}
	for _, a := range x.accounts {
		if a.page >= len(x.Pages) {
			return nil, errIndex
		}
	}
	return x, x.seal()
}

func decodeJSON(text string) (*index, error) {
	var v struct{ Version int }
	if err := json.Unmarshal([]byte(text), &v); err == nil && v.Version > indexVersion {
		return nil, fmt.Errorf("read %s: %w", indexName, ErrNewer)
	}
	var f struct {
		index
		Accounts []record `json:"accounts"`
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, errIndex
	}
	x := f.index
	x.accounts = make([]Account, 0, len(f.Accounts))
	for i := range f.Accounts {
		a, ok := f.Accounts[i].account()
		if !ok {
			return nil, errIndex
		}
		x.accounts = append(x.accounts, a)
	}
	return &x, nil
}

// seal builds what is looked up; two accounts with one id are an error.
func (x *index) seal() error {
	x.at = make(map[ID]int, len(x.accounts))
	gone := 0
	for i := range x.accounts {
		x.at[x.accounts[i].ID] = i
		if !x.accounts[i].live() {
			gone++
		}
	}
	if len(x.at) != len(x.accounts) {
		return errIndex
	}
	x.live = x.accounts
	if gone > 0 {
		x.live = make([]Account, 0, len(x.accounts)-gone)
		for _, a := range x.accounts {
			if a.live() {
				x.live = append(x.live, a)
			}
		}
	}
	return nil
}

// says tells whether the other index says the same.
func (x *index) says(o *index) bool {
	a, err := x.encode()
	b, oerr := o.encode()
	return err == nil && oerr == nil && bytes.Equal(a, b)
}

// clone returns a copy that can be changed and sealed anew.
func (x *index) clone() *index {
	c := *x
	c.Pages = slices.Clone(x.Pages)
	c.Aside = slices.Clone(x.Aside)
	c.Notices = slices.Clone(x.Notices)
	c.accounts = slices.Clone(x.accounts)
	return &c
}

func (x *index) get(id ID) (Account, bool) {
	i, ok := x.at[id]
	if !ok {
		return Account{}, false
	}
	return x.accounts[i], true
}

// generation returns the highest generation of any page, also of those that
// cannot be read: what is written next has to be newer.
func (x *index) generation() uint64 {
	g := x.Above
	for _, p := range x.Pages {
		g = max(g, p.Gen)
	}
	return g
}

// stamp tells two states of a file apart without reading it.
type stamp struct {
	size  int64
	mtime int64
	inode uint64
}

func stampOf(path string) (stamp, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{fi.Size(), fi.ModTime().UnixNano(), inode(fi)}, nil
}

// readIndex reads the index of a folder. fs.ErrNotExist where there is none.
func readIndex(dir string) (*index, stamp, error) {
	path := filepath.Join(dir, indexName)
	st, err := stampOf(path) // before reading: a later change is then seen as one
	if err != nil {
		return nil, stamp{}, fmt.Errorf("read index: %w", err)
	}
	if st.size > maxIndex {
		return nil, st, errIndex
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, stamp{}, fmt.Errorf("read index: %w", err)
	}
	defer func() { _ = f.Close() }()
	var text strings.Builder // the accounts' texts share its memory
	text.Grow(int(st.size))
	if _, err := io.Copy(&text, f); err != nil {
		return nil, stamp{}, fmt.Errorf("read index: %w", err)
	}
	x, err := decodeIndex(text.String())
	return x, st, err
}

func writeIndex(dir string, x *index) (stamp, error) {
	b, err := x.encode()
	if err != nil {
		return stamp{}, err
	}
	if len(b) > maxIndex {
		return stamp{}, fmt.Errorf("write index: %w", ErrTooLarge)
	}
	path := filepath.Join(dir, indexName)
	if err := atomicfile.Write(path, b); err != nil {
		return stamp{}, fmt.Errorf("write index: %w", readOnly(err))
	}
	return stampOf(path)
}
