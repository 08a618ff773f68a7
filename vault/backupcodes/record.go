// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/secret"
)

// record is a set as both files have it. The codes are in the sealed file only;
// what can be counted from them is in the register only.
type record struct {
	ID      ID      `json:"id"`
	Account string  `json:"account,omitempty"`
	Title   string  `json:"title"`
	Place   Place   `json:"place"`
	Where   string  `json:"where,omitempty"`
	First   int     `json:"first,omitempty"`
	Left    int     `json:"left,omitempty"`
	Made    int64   `json:"made"`
	Used    []int64 `json:"used,omitempty"` // of a note: when codes were used; of codes here: the last time
	Removed int64   `json:"removed,omitempty"`
	Due     int64   `json:"due,omitempty"` // of one removed: when a change first found that it can be brought back no more
	Codes   []code  `json:"codes,omitempty"`
}

type code struct {
	Text text  `json:"code"`
	Used int64 `json:"used,omitempty"`
}

// text is a code in clear. It is written and read as it is, which a secret.Value
// never is, and prints nothing.
type text struct{ secret.Value }

// MarshalText returns the code itself.
func (t text) MarshalText() ([]byte, error) { return t.Bytes(), nil }

// UnmarshalText takes a copy of the code.
func (t *text) UnmarshalText(b []byte) error {
	t.Value = secret.New(slices.Clone(b))
	return nil
}

const (
	lastSecond = 253402300799 // 9999-12-31, the last that JSON readers of others take
	maxAccount = 64           // bytes of an account's id
	idDigits   = 16
)

// set is what can be told of the record without a passphrase.
func (r *record) set() Set {
	return Set{
		ID: r.ID, Account: r.Account, Title: r.Title, Place: r.Place, Where: r.Where, First: r.First, Left: r.Left,
		Made: at(r.Made), LastUsed: at(r.lastUsed()), Removed: at(r.Removed),
	}
}

func (r *record) lastUsed() int64 {
	var last int64
	for _, u := range r.Used {
		last = max(last, u)
	}
	return last
}

// at is a time of the files: 0 is never.
func at(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// public returns the record as the register has it.
func (r *record) public() record {
	if r.Place != Here {
		return *r
	}
	p := *r
	p.Codes, p.Used, p.First, p.Left = nil, nil, len(r.Codes), 0
	var last int64
	for _, c := range r.Codes {
		last = max(last, c.Used)
		if c.Used == 0 {
			p.Left++
		}
	}
	if last > 0 {
		p.Used = []int64{last}
	}
	return p
}

// clone copies the record with its codes.
func (r *record) clone() record {
	c := *r
	c.Used = slices.Clone(r.Used)
	c.Codes = slices.Clone(r.Codes)
	for i := range c.Codes {
		c.Codes[i].Text = text{c.Codes[i].Text.Clone()}
	}
	return c
}

func cloneAll(rs []record) []record {
	out := make([]record, len(rs))
	for i := range rs {
		out[i] = rs[i].clone()
	}
	return out
}

// wipe clears the codes.
func wipe(rs []record) {
	for i := range rs {
		for _, c := range rs[i].Codes {
			c.Text.Clear()
		}
	}
}

// expired tells whether a removed set can be brought back no more.
func (r *record) expired(now int64) bool {
	return r.Removed > 0 && now-r.Removed >= int64(Kept/time.Second)
}

// settled tells whether a removed set may be forgotten, and whether the record was
// changed. A clock that is years fast for a while makes everything look old, so a
// set is forgotten only when a change finds it so again after some time.
func (r *record) settled(now int64) (gone, changed bool) {
	before := r.Due
	switch {
	case !r.expired(now):
		r.Due = 0 // the clock was wrong
	case r.Due == 0 || r.Due > now:
		r.Due = now
	case now-r.Due >= int64(grace/time.Second):
		return true, true
	}
	return false, r.Due != before
}

// sound tells whether something like this can have been written by us.
func (r *record) sound(sealed bool) bool {
	if len(r.ID) != idDigits || strings.Trim(string(r.ID), "0123456789abcdef") != "" || r.checkTexts() != nil || !r.soundTimes() {
		return false
	}
	if r.Place == Here && sealed {
		return r.soundCodes()
	}
	counts := r.First >= 0 && r.First <= MaxCodes && r.Left >= 0 && r.Left <= r.First && len(r.Used) <= MaxCodes
	known := r.Place == Here && r.First > 0 || r.Place == Elsewhere
	return counts && known && len(r.Codes) == 0
}

func (r *record) soundCodes() bool {
	for _, c := range r.Codes {
		if checkCode(c.Text.Value) != nil {
			return false
		}
	}
	return len(r.Codes) > 0 && len(r.Codes) <= MaxCodes && r.First == 0 && r.Left == 0 && len(r.Used) == 0
}

func (r *record) soundTimes() bool {
	times := append([]int64{r.Made, r.Removed, r.Due}, r.Used...)
	for _, c := range r.Codes {
		times = append(times, c.Used)
	}
	return slices.Min(times) >= 0 && slices.Max(times) <= lastSecond
}

// allSound tells it of a whole file.
func allSound(rs []record, sealed bool) bool {
	seen := map[ID]bool{}
	for i := range rs {
		if seen[rs[i].ID] || !rs[i].sound(sealed) {
			return false
		}
		seen[rs[i].ID] = true
	}
	return len(rs) <= MaxSets
}

// checkCode says what is wrong with a code, without it.
func checkCode(c secret.Value) error {
	b := c.Bytes()
	switch {
	case len(b) == 0:
		return ErrNoCodes
	case !utf8.Valid(b):
		return ErrUnprintable
	case utf8.RuneCount(b) > MaxCode:
		return ErrTooLong
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if !unicode.IsPrint(r) {
			return ErrUnprintable
		}
		b = b[n:]
	}
	return nil
}

// checkText says what is wrong with a title or a place.
func checkText(s string) error {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return ErrUnprintable
	}
	if utf8.RuneCountInString(s) > MaxText {
		return ErrTooLong
	}
	return nil
}

// checkAccount does for the id of an account. It is the vault's, and not looked into.
func checkAccount(s string) error {
	if len(s) > maxAccount {
		return ErrTooLong
	}
	return checkText(s)
}

// The formats, see docs/formats.md.
const (
	sealedFormat    = "kutano-backup-codes"
	sealedVersion   = 1
	registerVersion = 1
	padding         = 4096 // bytes: the size of the file does not tell how many codes there are
)

type sealedFile struct {
	Format  string   `json:"format"`
	Version int      `json:"version"`
	Sets    []record `json:"sets"`
}

type registerFile struct {
	Version    int      `json:"version"`
	Incomplete bool     `json:"incomplete,omitempty"` // sets whose codes are here may be missing
	Sets       []record `json:"sets"`
}

// encodeSealed returns what is encrypted, filled up with ends of lines.
func encodeSealed(rs []record) (secret.Value, error) {
	if rs == nil {
		rs = []record{}
	}
	b, err := json.MarshalIndent(sealedFile{sealedFormat, sealedVersion, rs}, "", "  ")
	if err != nil {
		return secret.Value{}, fmt.Errorf("write backup codes: %w", err)
	}
	full := make([]byte, (len(b)/padding+1)*padding)
	for i := copy(full, b); i < len(full); i++ {
		full[i] = '\n'
	}
	clear(b)
	return secret.New(full), nil
}

// decodeSealed reads it. A file that was made by another program, or holds what
// we never write, is refused as a whole.
func decodeSealed(b []byte) ([]record, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Format != sealedFormat || head.Version < 1 {
		return nil, ErrNotSafe
	}
	if head.Version > sealedVersion {
		return nil, ErrNewer
	}
	var f sealedFile
	if err := json.Unmarshal(b, &f); err != nil || !allSound(f.Sets, true) {
		wipe(f.Sets)
		return nil, ErrNotSafe
	}
	return f.Sets, nil
}

// encodeRegister returns backup-codes.json.
func encodeRegister(rs []record, incomplete bool) ([]byte, error) {
	if rs == nil {
		rs = []record{}
	}
	b, err := json.MarshalIndent(registerFile{registerVersion, incomplete, rs}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write list of backup codes: %w", err)
	}
	return append(b, '\n'), nil
}

// decodeRegister reads it. It returns ErrRegister or ErrNewer.
func decodeRegister(b []byte) (rs []record, incomplete bool, err error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Version < 1 {
		return nil, false, ErrRegister
	}
	if head.Version > registerVersion {
		return nil, false, ErrNewer
	}
	var f registerFile
	if err := json.Unmarshal(b, &f); err != nil || !allSound(f.Sets, false) {
		return nil, false, ErrRegister
	}
	return f.Sets, f.Incomplete, nil
}
