// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/kutano/authenticator/server/dbtest"
)

// chrome is the one browser of all walks; each walk has a profile of its own in it.
var chrome launched

type launched struct {
	ctx context.Context
	err error
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path, err := exec.LookPath("chromium")
	if err != nil {
		chrome.err = errors.New("chromium is not installed")
		return dbtest.Run(m)
	}
	profile, err := os.MkdirTemp("", "kutano-walk-")
	if err != nil {
		chrome.err = err
		return dbtest.Run(m)
	}
	defer os.RemoveAll(profile)
	ctx, stop, err := launch(path, profile)
	defer stop()
	chrome = launched{ctx, err}
	return dbtest.Run(m)
}

func launch(path, profile string) (ctx context.Context, stop func(), err error) {
	all, stopAll := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "en-GB"))
	ctx, end := chromedp.NewContext(all)
	return ctx, func() { end(); stopAll() }, chromedp.Do(ctx)
}

// look is how a browser is set.
type look struct {
	width, height int64
	dark          bool
	script        bool
}

var (
	onDesk  = look{width: 1280, height: 900, script: true}
	onPhone = look{width: 360, height: 780, script: true}
)

func (l look) noScript() look { l.script = false; return l }

func (l look) inDark() look { l.dark = true; return l }

// tab is a window with cookies of its own.
type tab struct {
	*house
	t    *testing.T
	ctx  context.Context
	look look
}

// open opens a window. Without Chromium the walk is skipped; CI has it.
func (h *house) open(t *testing.T, l look) *tab {
	t.Helper()
	if chrome.err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("Chromium is needed: %v", chrome.err)
		}
		t.Skipf("needs Chromium, which cannot be started here: %v", chrome.err)
	}
	ctx, end := chromedp.NewContext(chrome.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	b := &tab{house: h, t: t, ctx: ctx, look: l}
	b.do() // the window opens
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "UTC"})
	call(b, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en-GB"})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !l.script})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	b.size(l.width, l.height)
	return b
}

func (b *tab) size(width, height int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600})
}

// call sends a command of the protocol.
func call[P, R any](b *tab, c cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, c, params); err != nil {
		b.t.Fatal(err)
	}
}

// do does what leads nowhere else.
func (b *tab) do(all ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, all...); err != nil {
		b.t.Fatal(err)
	}
}

// ask runs an action that returns something.
func ask[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// lead does what leads to another page, and waits for it.
func (b *tab) lead(what string, all ...chromedp.Action[chromedp.Void]) *tab {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, all...); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
	return b
}

func (b *tab) visit(path string) *tab {
	b.t.Helper()
	return b.lead(path, chromedp.Navigate(b.base+path))
}

// words is the text of an element in XPath, with single spaces.
const words = "normalize-space(.)" //nolint:misspell // the name of the function

// press follows the link or presses the button with a name, as a screen reader reads it.
func (b *tab) press(name string) *tab {
	b.t.Helper()
	quoted := "'" + name + "'"
	if strings.Contains(name, "'") {
		quoted = `"` + name + `"`
	}
	find := fmt.Sprintf(`//main//*[self::a or self::button][%[2]s=%[1]s or @aria-label=%[1]s] | //header//*[self::a or self::button][%[2]s=%[1]s]`, quoted, words)
	if !b.has(find) {
		b.t.Fatalf("there is no %q on this page:\n%s", name, b.text())
	}
	return b.lead(name, chromedp.Click(chromedp.Search(find), chromedp.NodeVisible))
}

func (b *tab) has(xpath string) bool {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[bool](fmt.Sprintf("document.evaluate(%q, document, null, XPathResult.ANY_UNORDERED_NODE_TYPE, null).singleNodeValue !== null", xpath)))
}

// fill types into the input with a label.
func (b *tab) fill(label, text string) *tab {
	b.t.Helper()
	id := ask(b, chromedp.Evaluate[string](fmt.Sprintf(`[...document.querySelectorAll("label")].find(l => l.textContent.trim() === %q)?.htmlFor ?? ""`, label)))
	if id == "" {
		b.t.Fatalf("no input is called %q:\n%s", label, b.text())
	}
	ask(b, chromedp.Evaluate[string](fmt.Sprintf("(e => { e.focus(); return e.value = '' })(document.getElementById(%q))", id)))
	call(b, input.InsertText, input.InsertTextParams{Text: text})
	return b
}

// tick ticks the box with a label, on its words.
func (b *tab) tick(label string) *tab {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.Search(fmt.Sprintf("//label[%s='%s']", words, label))))
	return b
}

func (b *tab) text() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// sees checks that words are to be read.
func (b *tab) sees(all ...string) *tab {
	b.t.Helper()
	text := strings.Join(strings.Fields(b.text()), " ")
	for _, want := range all {
		if !strings.Contains(text, want) {
			b.t.Fatalf("the page does not say %q:\n%s", want, text)
		}
	}
	return b
}

func (b *tab) seesNot(all ...string) *tab {
	b.t.Helper()
	text := strings.Join(strings.Fields(b.text()), " ")
	for _, no := range all {
		if strings.Contains(text, no) {
			b.t.Fatalf("the page says %q:\n%s", no, text)
		}
	}
	return b
}

// path is where the window is.
func (b *tab) path() string {
	b.t.Helper()
	return strings.TrimPrefix(ask(b, chromedp.Location()), b.base)
}
