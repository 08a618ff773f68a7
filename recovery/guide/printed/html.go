// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package printed

import (
	"fmt"
	"html"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
)

// style is for the screen and for paper: black on white there, and no step is
// torn apart.
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem;border-bottom:2px solid #0b6e6e}h3{margin-top:1.5rem}
section{break-inside:avoid}a{color:#0b6e6e}.ways{list-style:none;padding:0}.ways li::before{content:"→ "}
.cards{display:flex;gap:1rem;flex-wrap:wrap}.card{flex:1 1 16rem;border:1px solid #767676;border-radius:.5rem;padding:0 1rem}
.pros,.cons{list-style:none;padding:0}.pros li::before{content:"✓ "}.cons li::before{content:"✗ "}
blockquote{margin:1rem 0;padding:.25rem 1rem;border-left:4px solid #0b6e6e}.quiet{color:#595959}
@media print{body{margin:0;max-width:none;font-size:11pt;color:#000}a{color:#000}h2,h3{break-after:avoid}p,li{orphans:3;widows:3}}`

// HTML returns the guide from the named entries on, or the whole guide, as a page
// that stands alone. It fails with guide.ErrNoEntry.
func HTML(g *guide.Guide, entries []string, fill guide.Fill) ([]byte, error) {
	s, err := LayOut(g, entries, fill)
	if err != nil {
		return nil, err
	}
	w := &page{}
	lang := strings.ReplaceAll(words.Current(), "_", "-") // BCP 47
	w.line(`<!DOCTYPE html>`)
	w.line(`<html lang="%s">`, lang)
	w.line(`<head>`)
	w.line(`<meta charset="utf-8">`)
	w.line(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	w.line(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`)
	w.line(`<meta name="referrer" content="no-referrer">`)
	w.line(`<title>%s</title>`, s.Title)
	w.raw("<style>\n" + style + "\n</style>\n</head>\n<body>\n")
	w.line(`<h1>%s</h1>`, s.Title)
	for _, line := range s.Head {
		w.line(`<p class="quiet">%s</p>`, line)
	}
	if s.fill.Help != "" {
		w.line(`<p class="quiet"><a href="%s" rel="noreferrer">%s</a></p>`, s.fill.Help, s.fill.Help)
	}
	w.line(`<nav><ul>`)
	for _, p := range s.Parts {
		w.line(`<li><a href="#s%d">%s</a></li>`, p.First, p.contents())
	}
	w.line(`</ul></nav>`)
	w.line(`<main>`)
	for _, p := range s.Parts {
		w.line(`<h2>%s</h2>`, p.Entry.Title)
		if len(p.Steps) == 0 {
			w.line(`<p><a href="#s%d">%s</a></p>`, p.First, goOn(p.First))
		}
		for _, x := range p.Steps {
			w.step(x, s.fill)
		}
	}
	w.line(`</main>`)
	w.raw("</body>\n</html>\n")
	return []byte(w.String()), nil
}

// page writes HTML. Every value is escaped.
type page struct{ strings.Builder }

func (w *page) raw(s string) { w.WriteString(s) }

func (w *page) line(format string, values ...any) {
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = html.EscapeString(s)
		}
	}
	fmt.Fprintf(w, format+"\n", values...)
}

func (w *page) list(class string, all []string) {
	if len(all) == 0 {
		return
	}
	w.line(`<ul class="%s">`, class)
	for _, t := range all {
		w.line(`<li>%s</li>`, t)
	}
	w.line(`</ul>`)
}

func (w *page) step(x Step, f guide.Fill) {
	w.line(`<section id="s%d">`, x.Number)
	w.line(`<h3>%d. %s</h3>`, x.Number, x.Title)
	for _, t := range x.Text {
		w.line(`<p>%s</p>`, t)
	}
	if a := x.address(f); a != "" {
		w.line(`<p><a href="%s" rel="noreferrer">%s</a></p>`, a, a)
	}
	for _, l := range x.lists() {
		if l.title != "" {
			w.line(`<p>%s</p>`, l.title)
		}
		w.list(l.class, l.all)
	}
	if len(x.Cards) > 0 {
		w.line(`<div class="cards">`)
		for _, c := range x.Cards {
			w.line(`<div class="card"><h4>%s</h4>`, name(c))
			w.line(`<p>%s</p>`, c.Best)
			w.list("pros", c.Pros)
			w.list("cons", c.Cons)
			w.line(`</div>`)
		}
		w.line(`</div>`)
	}
	for _, n := range x.Notes {
		w.line(`<blockquote>%s</blockquote>`, says(f, n))
	}
	if len(x.Ways) > 0 {
		w.line(`<ul class="ways">`)
		for _, y := range x.Ways {
			w.line(`<li><a href="#s%d">%s</a></li>`, y.To, y.text())
		}
		w.line(`</ul>`)
	}
	w.line(`</section>`)
}

// name is a card's title, and that it is recommended.
func name(c guide.Card) string {
	if c.Recommended {
		return words.T("{method} (recommended)", "method", c.Title)
	}
	return c.Title
}
