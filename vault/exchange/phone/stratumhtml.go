// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"html"
	"iter"
	"regexp"
	"strings"
	"sync"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// stratumRow is a row of the table that Stratum writes: issuer, user name, URI
// and QR code. In the URI nothing is escaped.
var stratumRow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<tr>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>\s*<td>\s*<code>\s*([^<]*?)\s*</code>`)
})

const stratumCode = "<code>"

func detectStratumHTML(data []byte) bool {
	text := bytes.TrimSpace(foreign.Bare(data))
	if !bytes.HasPrefix(text, []byte("<")) {
		return false
	}
	for range stratumRows(text) {
		return true
	}
	return false
}

// stratumRows yields the cells of the rows. The pattern is not let loose on the
// whole of a page, which may be large and no backup at all, but on what ends with
// each piece of code.
func stratumRows(page []byte) iter.Seq[[][]byte] {
	return func(yield func([][]byte) bool) {
		for {
			code := bytes.Index(page, []byte(stratumCode))
			if code < 0 {
				return
			}
			end := code + len(stratumCode)
			for _, c := range []byte("<>") { // up to the end of the closing tag
				end += max(bytes.IndexByte(page[end:], c), 0)
			}
			end = min(end+1, len(page))
			row := max(bytes.LastIndex(page[:code], []byte("<tr>")), 0)
			if cells := stratumRow().FindSubmatch(page[row:end]); cells != nil && !yield(cells) {
				return
			}
			page = page[end:]
		}
	}
}

func readStratumHTML(ctx context.Context, data []byte, add func(foreign.Entry)) error {
	for cells := range stratumRows(data) {
		if err := ctx.Err(); err != nil {
			return err
		}
		uri := string(cells[3])
		if strings.Contains(uri, "&amp;") {
			uri = html.UnescapeString(uri)
		}
		add(foreign.FromURI(uri).Named(html.UnescapeString(string(cells[1])), html.UnescapeString(string(cells[2]))))
	}
	if !bytes.Contains(bytes.ToLower(data[max(0, len(data)-1024):]), []byte("</html>")) {
		return foreign.ErrCutShort
	}
	return nil
}
