// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"bytes"
	"encoding/base32"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

const mobile = "+49 151 23456789"

func secretOf(t testing.TB, text string) []byte {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// setUpSMS walks through the set-up by text message and returns the backup codes.
func (b *browser) setUpSMS(phone string) []string {
	b.t.Helper()
	b.get("/settings/security").sees("Two-factor authentication")
	if !strings.Contains(b.page, `aria-label="Change two-factor authentication"`) {
		b.t.Fatal("the edit icon has no name") // R12
	}
	b.get("/settings/security/two-factor").sees("Two factor authentication", "Use text message", "Use authentication app")
	b.get("/settings/security/two-factor/sms").sees("Get started")
	b.get("/settings/security/two-factor/sms/phone").sees("Mobile phone number", "Verify phone number")
	b.submit("/sms/phone", "phone", phone).sees("You should now receive a verification code via SMS text message", "Verify")
	b.submit("/code", "code", b.code("+4915123456789")).is("/settings/security/codes")
	return b.backupCodes()
}

// setUpApp walks through the set-up with an app and returns its key and the backup codes.
func (b *browser) setUpApp() (key []byte, codes []string) {
	b.t.Helper()
	b.get("/settings/security/two-factor/app").sees("If you do not yet have an authentication app then install the app now.", "Continue")
	b.submit("/two-factor/app").sees("Scan the QR code", "Issuer Kutano")
	key = b.key()
	scan := b.at.Path
	b.get(strings.TrimSuffix(scan, "/scan")+"/code").sees("Verify", "supplied by the authenticator app")
	b.submit("/code", "code", b.appCode(key)).is("/settings/security/codes")
	return key, b.backupCodes()
}

func TestTheGuideBySMS(t *testing.T) { // R11 R12 R13 R24 R25 R26 R27 R28 R29 R30 R31 R42 R50 R52
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
		b.get("/settings/security").sees("Off", "Why enable 2FA")
		b.get("/settings/security/two-factor/sms/phone")
		b.submit("/sms/phone", "phone", "112").is("/settings/security/two-factor/sms/phone").sees("This number cannot receive text messages")
		if !strings.Contains(b.page, `value="112"`) || !strings.Contains(b.page, `aria-invalid="true"`) {
			t.Error("what was typed is gone, or not marked")
		}
		b.submit("/sms/phone", "phone", mobile).sees("•89")
		if strings.Contains(b.page, "23456789") {
			t.Error("the number is not masked") // R50
		}
		right := w.code("+4915123456789")
		wrong := "000000"
		if right == wrong {
			wrong = "111111"
		}
		b.submit("/code", "code", wrong).sees("This code is not right.", "Nothing was changed.")
		setUp := b.at.Path
		b.submit("/again").sees("A code was sent a short while ago", "Try again in") // R52: the wait is visible
		b.get("/settings/security").sees("Off")                                      // R28
		w.pass(61 * time.Second)
		b.get(setUp).submit("/again").sees("We sent a new code")
		newer := w.code("+4915123456789")
		if newer != right {
			b.submit("/code", "code", right).sees("Nothing was changed.") // a new one replaces the old
		}
		b.submit("/code", "code", newer).is("/settings/security/codes").sees(
			"The setup is complete", "Text message (SMS)", "if you lose your phone", "locked out of your account",
			"your workspace administrator can reset your 2FA settings", "I have saved them") // R29 R30 R31
		b.backupCodes()
		b.submit("/codes/saved").sees("This needs your confirmation")
		b.submit("/codes/saved", "saved", "yes").is("/settings/security").sees("On", "Text message (SMS)", "10 of 10")
	})
}

func TestTheGuideByApp(t *testing.T) { // R32 R33 R34 R35 R37 R38 R39 R40
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.user("ana@harbour.example", "Ana", people.Member)
		b := w.as(ana, false)
		b.get("/settings/security/two-factor/app").sees("Google Authenticator, Microsoft Authenticator, Authy")
		b.submit("/two-factor/app").sees("(+)", "Scan QR code", "return here and click on the Continue button")
		key, scan := b.key(), b.at.Path
		if got := b.scanned(scan); !bytes.Equal(got, key) {
			t.Error("the QR code holds another key than the text")
		}
		other := w.as(ana, false)
		if other.get(strings.TrimSuffix(scan, "scan") + "qr.png"); other.status != http.StatusGone {
			t.Errorf("another session sees the QR code: %d", other.status)
		}
		b.get(strings.TrimSuffix(scan, "scan") + "code")
		b.submit("/code", "code", "12345").sees("This does not look like a code")
		b.get(scan) // R55: the page can be loaded again
		if !bytes.Equal(b.key(), key) {
			t.Error("the key changed while it was scanned")
		}
		b.get(strings.TrimSuffix(scan, "scan") + "code")
		b.submit("/code", "code", w.appCode(key)).sees("The setup is complete", "Authenticator app", "locked out of your account")
		codes := b.backupCodes()
		if again := b.get("/settings/security/codes").backupCodes(); again[0] != codes[0] {
			t.Error("loading again shows other codes")
		}
		b.get("/settings/security/codes.txt")
		if !strings.Contains(b.page, codes[9]) || !strings.HasPrefix(b.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the file is %q", b.page)
		}
		b.get("/settings/security/codes").submit("/codes/saved", "saved", "yes")
		b.get("/settings/security/codes").sees("Backup codes are shown once", "Make new backup codes")
	})
}

// scanned reads the QR code off its picture.
func (b *browser) scanned(scan string) []byte {
	b.t.Helper()
	res, err := b.client.Get(b.url(strings.TrimSuffix(scan, "scan") + "qr.png").String())
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Type") != "image/png" || res.Header.Get("Cache-Control") != "no-store" {
		b.t.Errorf("the picture comes with %v", res.Header)
	}
	img, err := png.Decode(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return secretIn(b.t, got.GetText())
}

func TestASetUpExpires(t *testing.T) { // R39
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	b.get("/settings/security/two-factor/app").submit("/two-factor/app")
	key, scan := b.key(), b.at.Path
	b.get(strings.TrimSuffix(scan, "scan") + "code")
	w.pass(11 * time.Minute)
	b.submit("/code", "code", w.appCode(key))
	if strings.Contains(b.text(), "complete") {
		t.Fatal("a set-up that is over was completed")
	}
	b.get("/settings/security").sees("Off")
}

func secretIn(t testing.TB, uri string) []byte {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" {
		t.Fatalf("the QR code holds no key for an app: %v", err)
	}
	return secretOf(t, u.Query().Get("secret"))
}
