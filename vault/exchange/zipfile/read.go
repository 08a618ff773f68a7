// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package zipfile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Bits of a file's flags, and the method that stands for AES.
const (
	flagLocked     = 1 << 0
	flagDescriptor = 1 << 3 // the checksum follows the content
	flagStrong     = 1 << 6 // encryption that nobody uses (APPNOTE.TXT section 7)
	methodAES      = 99
)

// mostRatio is what Deflate makes of nothing but zeros, rounded up.
const mostRatio = 1100

// Read returns a file's content. Pass is only for one that is Locked. Beside
// ctx's, the errors are foreign.ErrPassword, foreign.ErrDamaged,
// foreign.ErrCutShort, foreign.ErrBomb and, for a way to compress or encrypt that
// is not known, foreign.ErrUnknown.
func (f *File) Read(ctx context.Context, pass []byte) ([]byte, error) {
	packed, err := f.packed()
	if err != nil {
		return nil, err
	}
	method, wrong, checked := f.in.Method, foreign.ErrDamaged, true
	switch {
	case f.in.Flags&flagStrong != 0:
		return nil, foreign.ErrUnknown
	case f.Locked() && method == methodAES:
		a, err := aesFields(f.in.Extra)
		if err != nil {
			return nil, err
		}
		if packed, err = a.open(ctx, packed, pass); err != nil {
			return nil, err
		}
		method, checked = a.method, a.version == 1
	case f.Locked():
		if packed, err = openTraditional(packed, pass, f.check()); err != nil {
			return nil, err
		}
		wrong = foreign.ErrPassword // its check of the password is one byte
	}
	content, err := f.unpack(ctx, packed, method, wrong)
	if err != nil {
		return nil, err
	}
	if checked && crc32.ChecksumIEEE(content) != f.in.CRC32 {
		clear(content)
		return nil, wrong
	}
	return content, nil
}

// packed returns the content as it stands in the archive.
func (f *File) packed() ([]byte, error) {
	r, err := f.in.OpenRaw()
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	if f.in.CompressedSize64 > foreign.MaxSource {
		return nil, foreign.ErrDamaged
	}
	packed := make([]byte, 0, min(f.in.CompressedSize64, 1<<20))
	b := bytes.NewBuffer(packed)
	if _, err := b.ReadFrom(r); err != nil || uint64(b.Len()) != f.in.CompressedSize64 {
		return nil, foreign.ErrCutShort
	}
	return b.Bytes(), nil
}

// check returns the byte by which a password is checked.
func (f *File) check() byte {
	if f.in.Flags&flagDescriptor != 0 {
		return byte(f.in.ModifiedTime >> 8) // the raw field: this is a check, not a time
	}
	return byte(f.in.CRC32 >> 24)
}

// unpack decompresses, up to what the directory says and to what is allowed.
func (f *File) unpack(ctx context.Context, packed []byte, method uint16, wrong error) ([]byte, error) {
	size := f.in.UncompressedSize64
	if size > uint64(f.of.left) {
		return nil, foreign.ErrBomb
	}
	var r io.Reader = bytes.NewReader(packed)
	switch method {
	case zip.Store:
	case zip.Deflate:
		r = flate.NewReader(r)
	default:
		return nil, foreign.ErrUnknown
	}
	// In one piece: a buffer that grows holds thrice as much for a while.
	var b bytes.Buffer
	b.Grow(int(min(size, mostRatio*uint64(len(packed)))) + bytes.MinRead)
	_, err := io.Copy(&b, &until{ctx, io.LimitReader(r, int64(size)+1)})
	f.of.left -= int64(b.Len())
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF) && !f.Locked():
		return nil, foreign.ErrCutShort
	case err != nil, uint64(b.Len()) != size:
		return nil, wrong
	}
	return b.Bytes(), nil
}

// until is a reader that ends with its context.
type until struct {
	ctx context.Context
	in  io.Reader
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.in.Read(p)
}

// extra returns a field of a file's extra data, or nil.
func extra(data []byte, id uint16) []byte {
	for len(data) >= 4 {
		have, size := binary.LittleEndian.Uint16(data), int(binary.LittleEndian.Uint16(data[2:]))
		if data = data[4:]; size > len(data) {
			return nil
		}
		if have == id {
			return data[:size]
		}
		data = data[size:]
	}
	return nil
}
