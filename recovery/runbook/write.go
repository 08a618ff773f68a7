// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package runbook

import (
	"fmt"
	"html"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
)

// PDF returns the runbook as pages of A4 that stand on US Letter too, with page
// numbers, in black and white. The error is that of [sheet.Pages].
func PDF(d sheet.Document) ([]byte, error) { return sheet.Pages(d) }

// style is for the screen and for paper: black on white, and no row is torn apart.
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}
h1,h2{line-height:1.25}h2{margin-top:2.5rem;border-bottom:2px solid #000}.quiet{color:#595959}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.35rem .6rem;text-align:left;vertical-align:top;white-space:pre-line}
th{background:#e8e8e8}tr{break-inside:avoid}thead{display:table-header-group}
.blank{display:flex;gap:.5rem;margin:1.1rem 0}.blank span{flex:1;border-bottom:1px solid #000}
@page{margin:18mm}@media print{body{margin:0;max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}.page{break-before:page}p,li{orphans:3;widows:3}}`

// HTML returns the runbook as a page that stands alone: no script, nothing that is
// fetched.
func HTML(d sheet.Document) []byte {
	w := &page{}
	w.line(`<!DOCTYPE html>`)
	w.line(`<html lang="%s">`, strings.ReplaceAll(words.Current(), "_", "-")) // BCP 47
	w.line(`<head>`)
	w.line(`<meta charset="utf-8">`)
	w.line(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	w.line(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`)
	w.line(`<meta name="referrer" content="no-referrer">`)
	w.line(`<title>%s</title>`, d.Title)
	w.WriteString("<style>\n" + style + "\n</style>\n</head>\n<body>\n<main>\n")
	w.line(`<h1>%s</h1>`, d.Title)
	for _, line := range d.Head {
		w.line(`<p class="quiet">%s</p>`, line)
	}
	w.line(`<p class="quiet">%s</p>`, words.T("Made: {date}", "date", d.Made.Format("2006-01-02")))
	for _, s := range d.Sections {
		w.section(s)
	}
	w.line(`</main>`)
	w.WriteString("</body>\n</html>\n")
	return []byte(w.String())
}

// page writes HTML. Every value is escaped.
type page struct{ strings.Builder }

func (w *page) line(format string, values ...any) {
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = html.EscapeString(s)
		}
	}
	fmt.Fprintf(w, format+"\n", values...)
}

func (w *page) section(s sheet.Section) {
	class := ""
	if s.NewPage {
		class = "page"
	}
	w.line(`<section class="%s">`, class)
	w.line(`<h2>%s</h2>`, s.Title)
	for _, t := range s.Text {
		w.line(`<p>%s</p>`, t)
	}
	w.list("ol", s.Steps)
	w.list("ul", s.Points)
	w.table(s.Table)
	for _, b := range s.Blanks {
		w.line(`<p class="blank">%s <span>%s</span></p>`, b.Label, b.Value)
	}
	w.line(`</section>`)
}

func (w *page) list(tag string, all []string) {
	if len(all) == 0 {
		return
	}
	w.WriteString("<" + tag + ">\n")
	for _, t := range all {
		w.line(`<li>%s</li>`, t)
	}
	w.WriteString("</" + tag + ">\n")
}

func (w *page) table(t sheet.Table) {
	if len(t.Rows) == 0 {
		return
	}
	w.WriteString("<table>\n<thead>\n<tr>")
	for _, h := range t.Head {
		w.WriteString("<th>" + html.EscapeString(h) + "</th>")
	}
	w.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Rows {
		w.WriteString("<tr>")
		for _, cell := range row {
			w.WriteString("<td>" + html.EscapeString(cell) + "</td>")
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</tbody>\n</table>\n")
}
