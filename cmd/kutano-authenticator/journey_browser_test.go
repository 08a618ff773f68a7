// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium window on the left of the person's part of the screen, with
// Kutano's pages in it.
type browser struct {
	j   *journey
	ctx context.Context
}

// browse opens the window.
func (j *journey) browse() *browser {
	j.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	j.t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(filepath.Join(j.tmp, "chromium")), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Env(j.env...), chromedp.WindowSize(840, 960),
		chromedp.Flag("window-position", fmt.Sprintf("%d,0", j.left)), chromedp.Flag("force-device-scale-factor", "1"), chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("test-type", true), // without a line about unusual flags
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	j.t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	j.t.Cleanup(stop)
	b := &browser{j: j, ctx: ctx}
	b.do()
	return b
}

func (b *browser) do(all ...chromedp.Action[chromedp.Void]) {
	b.j.t.Helper()
	if err := chromedp.Do(b.ctx, all...); err != nil {
		b.j.t.Fatal(err)
	}
}

func ask[T any](b *browser, script string) T {
	b.j.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.j.t.Fatal(err)
	}
	return got
}

func (b *browser) lead(what string, all ...chromedp.Action[chromedp.Void]) *browser {
	b.j.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, all...); err != nil {
		b.j.t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
	return b
}

func (b *browser) visit(address string) *browser {
	b.j.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.j.service.URL + address
	}
	return b.lead(address, chromedp.Navigate(address))
}

func (b *browser) text() string { return ask[string](b, "document.body.innerText") }

// spaced is the text of an element in XPath, with single spaces.
const spaced = "normalize-space(.)" //nolint:misspell // the name of the function

// press follows the link or presses the button with a name.
func (b *browser) press(name string) *browser {
	b.j.t.Helper()
	find := fmt.Sprintf(`//main//*[self::a or self::button][%[2]s=%[1]q or @aria-label=%[1]q] | //header//*[self::a or self::button][%[2]s=%[1]q]`, name, spaced)
	if !ask[bool](b, fmt.Sprintf("document.evaluate(%q, document, null, XPathResult.ANY_UNORDERED_NODE_TYPE, null).singleNodeValue !== null", find)) {
		b.j.t.Fatalf("there is no %q on this page:\n%s", name, b.text())
	}
	return b.lead(name, chromedp.Click(chromedp.Search(find), chromedp.NodeVisible))
}

// fill types into the input with a label.
func (b *browser) fill(label, text string) *browser {
	b.j.t.Helper()
	id := ask[string](b, fmt.Sprintf(`[...document.querySelectorAll("label")].find(l => l.textContent.trim() === %q)?.htmlFor ?? ""`, label))
	if id == "" {
		b.j.t.Fatalf("no input is called %q:\n%s", label, b.text())
	}
	ask[string](b, fmt.Sprintf("(e => { e.focus(); return e.value = '' })(document.getElementById(%q))", id))
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.j.t.Fatal(err)
	}
	return b
}

// tick ticks the box with a label, on its words.
func (b *browser) tick(label string) *browser {
	b.j.t.Helper()
	b.do(chromedp.Click(chromedp.Search(fmt.Sprintf("//label[%s='%s']", spaced, label))))
	return b
}

// sees checks that words are to be read.
func (b *browser) sees(all ...string) *browser {
	b.j.t.Helper()
	text := strings.Join(strings.Fields(b.text()), " ")
	for _, want := range all {
		if !strings.Contains(text, want) {
			b.j.t.Fatalf("the page does not say %q:\n%s", want, text)
		}
	}
	return b
}

// signIn is the first step: a code by e-mail.
func (b *browser) signIn(email string) *browser {
	b.j.t.Helper()
	b.visit("/signin").fill("E-mail address", email).press("Send me a code")
	return b.fill("Code from your e-mail", b.j.service.Code(b.j.t, email)).press("Sign in")
}

var backupForm = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`)

func (b *browser) backupCodes() []string {
	b.j.t.Helper()
	all := backupForm.FindAllString(b.text(), -1)
	if len(all) != 10 {
		b.j.t.Fatalf("%d backup codes are shown:\n%s", len(all), b.text())
	}
	return all
}
