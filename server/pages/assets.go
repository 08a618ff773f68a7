// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
)

//go:embed assets
var assets embed.FS

// asset is a file with a name that changes with its content, so that browsers may keep it.
type asset struct {
	path string
	kind string
	body []byte
}

var (
	sheet  = mustAsset("kutano.css", "text/css; charset=utf-8")
	script = mustAsset("kutano.js", "text/javascript; charset=utf-8")
	badge  = mustAsset("shield.svg", "image/svg+xml")
)

func mustAsset(name, kind string) asset {
	body, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // it is built in
	}
	sum := sha256.Sum256(body)
	return asset{path: "/static/" + hex.EncodeToString(sum[:6]) + "/" + name, kind: kind, body: body}
}

func (p *site) assetRoutes() {
	for _, a := range []asset{sheet, script, badge} {
		p.mux.HandleFunc("GET "+a.path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", a.kind)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			_, _ = w.Write(a.body) // the browser may be gone
		})
	}
}

// icon is one of our own drawings, in a line with text. Text beside it says the same, so readers skip it.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`) //nolint:gosec // from the constants below
}

var icons = map[string]string{
	"shield": `<path d="M12 3l7 3v5c0 4.6-3 8-7 10-4-2-7-5.4-7-10V6z"/><path d="M9 12l2 2 4-4"/>`,
	"off":    `<path d="M12 3l7 3v5c0 4.6-3 8-7 10-4-2-7-5.4-7-10V6z"/><path d="M9.5 9.5l5 5m0-5l-5 5"/>`,
	"edit":   `<path d="M4 20l1-4L16 5l3 3L8 19z"/><path d="M14 7l3 3"/>`,
	"phone":  `<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>`,
	"app":    `<rect x="4" y="4" width="6" height="6" rx="1"/><rect x="14" y="4" width="6" height="6" rx="1"/><rect x="4" y="14" width="6" height="6" rx="1"/><path d="M14 14h3v3m3-3v6h-6v-3"/>`,
	"mail":   `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M4 7l8 6 8-6"/>`,
	"check":  `<circle cx="12" cy="12" r="9"/><path d="M8 12l3 3 5-6"/>`,
	"look":   `<path d="M12 4l9 16H3z"/><path d="M12 10v4m0 3v.01"/>`,
	"bad":    `<circle cx="12" cy="12" r="9"/><path d="M12 7v6m0 3v.01"/>`,
	"key":    `<circle cx="8" cy="15" r="4"/><path d="M11 12l8-8m-3 3l2 2"/>`,
	"out":    `<path d="M14 4H6v16h8"/><path d="M10 12h10m-3-3l3 3-3 3"/>`,
	"back":   `<path d="M15 5l-7 7 7 7"/>`,
	"help":   `<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7m0 3v.01"/>`,
	"plus":   `<path d="M8 12h8m-4-4v8"/><circle cx="12" cy="12" r="9"/>`,
	"minus":  `<path d="M8 12h8"/><circle cx="12" cy="12" r="9"/>`,
	"person": `<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>`,
}
