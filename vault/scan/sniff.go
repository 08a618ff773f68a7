// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// signatures are the first bytes of the pictures that are read.
var signatures = []struct {
	offset int
	magic  string
	format *format
}{
	{0, "\x89PNG\r\n\x1a\n", &formatPNG},
	{0, "\xff\xd8\xff", &formatJPEG},
	{0, "GIF87a", &formatGIF},
	{0, "GIF89a", &formatGIF},
	{8, "WEBPVP8", &formatWebP},
	{0, "BM", &formatBMP},
	{0, "II*\x00", &formatTIFF},
	{0, "MM\x00*", &formatTIFF},
}

// others are well-known kinds that are not read, so that a person hears what
// the file is instead of only what it is not.
var others = []struct {
	offset int
	magic  string
	name   string
}{
	{4, "ftypheic", "a HEIC photo"},
	{4, "ftypheix", "a HEIC photo"},
	{4, "ftyphevc", "a HEIC photo"},
	{4, "ftypmif1", "a HEIF photo"},
	{4, "ftypmsf1", "a HEIF photo"},
	{4, "ftypavif", "an AVIF picture"},
	{4, "ftyp", "a video"},
	{0, "%PDF-", "a PDF document"},
	{0, "\x00\x00\x01\x00", "an icon file"},
	{0, "\xff\x0a", "a JPEG XL picture"},
	{0, "\x00\x00\x00\x0cJXL ", "a JPEG XL picture"},
	{0, "8BPS", "a Photoshop file"},
	{0, "gimp xcf", "a GIMP file"},
	{0, "PK\x03\x04", "a ZIP archive or an office document"},
}

// sniff tells the kind of picture from its first bytes.
func sniff(data []byte) (*format, error) {
	for _, s := range signatures {
		if has(data, s.offset, s.magic) {
			return s.format, nil
		}
	}
	if what := looksLike(data); what != "" {
		return nil, fmt.Errorf("%w: it looks like %s", ErrNotPicture, what)
	}
	return nil, ErrNotPicture
}

// Known reports whether data begins as a picture does that [Load] reads. It may
// still be damaged or too big.
func Known(data []byte) bool {
	f, err := sniff(data)
	if err != nil {
		return false
	}
	// Two letters make no BMP: a text may begin with them. Its next four bytes after
	// the size are reserved.
	return f != &formatBMP || has(data, 6, "\x00\x00\x00\x00")
}

func has(data []byte, offset int, magic string) bool {
	return len(data) >= offset+len(magic) && string(data[offset:offset+len(magic)]) == magic
}

// looksLike names what a file that is not read seems to be, or "".
func looksLike(data []byte) string {
	if len(data) == 0 {
		return "an empty file"
	}
	for _, o := range others {
		if has(data, o.offset, o.magic) {
			return o.name
		}
	}
	head := data[:min(len(data), 1024)]
	lower := bytes.ToLower(head)
	switch {
	case bytes.Contains(lower, []byte("<svg")):
		return "an SVG drawing"
	case bytes.Contains(lower, []byte("<html")), bytes.Contains(lower, []byte("<!doctype html")):
		return "a web page"
	case isText(head):
		return "a text file"
	}
	return ""
}

// isText says whether head, the beginning of a file, is readable text. Its
// last bytes may be half of a character.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 && len(head) >= utf8.UTFMax {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}
