// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1" // #nosec G505 -- as in the app
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// sealCBC encrypts as the apps do, to base64.
func sealCBC(t testing.TB, key, iv []byte, plain string) string {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	text := append([]byte(plain), strings.Repeat(string(rune(pad)), pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

func authySeal(t testing.TB, pass, salt string, rounds int, iv []byte) string {
	t.Helper()
	key, err := pbkdf2.Key(sha1.New, pass, []byte(salt), rounds, 32)
	if err != nil {
		t.Fatal(err)
	}
	return sealCBC(t, key, iv, "jbswy3dpehpk3pxp")
}

func TestAuthyPreferences(t *testing.T) {
	plain := prefsFile(authyPrefs, `[
		{"accountType":"authenticator","decryptedSecret":"JBSWY3DPEHPK3PXP","digits":7,"originalIssuer":"Acme","originalName":"Acme:ann","name":"Acme: ann"},
		{"accountType":"authenticator","decryptedSecret":"JBSWY3DPEHPK3PXP","originalName":"Acme:bob","name":"bob"},
		{"decryptedSecret":"JBSWY3DPEHPK3PXP","digits":6,"name":"alone","originalIssuer":null},
		{"decryptedSecret":"JBSWY3DPEHPK3PXP","digits":0,"name":"zero"},
		{"decryptedSecret":"!","name":"bad"}, {"name":"none"}, {"name":"odd","salt":5}, 7]`,
		authyOwnPrefs, `[{"accountType":"authy","secretSeed":"48656c6c6f21deadbeef","digits":7,"name":"Cloud"},{"secretSeed":"xyz","name":"broken"}]`)
	const unsure = " SHA1?"
	got, err := read(t, plain, "")
	check(t, "plain", got, lines("authy",
		"totp Acme:ann "+hello+" SHA1/7/30/0"+unsure, "totp Acme:bob "+hello+" SHA1/6/30/0"+unsure, "totp :alone "+hello+" SHA1/6/30/0"+unsure,
		"zero: "+otpauth.ErrDigits.Error(), "bad: secret: "+otpauth.ErrBadSecret.Error()+": character 1 is none of A–Z and 2–7",
		"none: secret: "+otpauth.ErrNoSecret.Error(), "odd: "+foreign.ErrDamaged.Error(), ": "+foreign.ErrDamaged.Error(),
		"totp Cloud: "+hello+" SHA1/7/10/0"+unsure, "broken: "+otpauth.ErrBadSecret.Error()), err, nil)

	none := make([]byte, aes.BlockSize)
	locked := prefsFile(authyPrefs, `[{"encryptedSecret":"`+authySeal(t, "old", "s1", 1000, none)+`","salt":"s1","name":"Acme: old"},
		{"encryptedSecret":"`+authySeal(t, "pass", "s2", 1000, none)+`","salt":"s2","name":"Acme: ann"},
		{"encryptedSecret":"!","salt":"s2","name":"bad"}, {"decryptedSecret":"JBSWY3DPEHPK3PXP","name":"open"}]`)
	want := lines("authy", "locked", "Acme:old: "+foreign.ErrPassword.Error(), "totp Acme:ann "+hello+" SHA1/6/30/0"+unsure,
		"bad: "+foreign.ErrDamaged.Error(), "totp :open "+hello+" SHA1/6/30/0"+unsure)
	got, err = read(t, locked, "pass")
	check(t, "locked", got, want, err, nil)
	got, err = read(t, locked, "wrong")
	check(t, "wrong password", got, lines("authy", "locked"), err, foreign.ErrPassword)
}

func TestAuthyJSON(t *testing.T) {
	iv := []byte("0123456789abcdef")
	sealed := `{"message":"success","authenticator_tokens":[
		{"account_type":"acme","digits":6,"encrypted_seed":"` + authySeal(t, "pass", "salt", 50, iv) + `","issuer":"Acme","key_derivation_iterations":50,
		 "name":"Acme","original_name":"Acme:ann","salt":"salt","unique_iv":"` + hex.EncodeToString(iv) + `"},
		{"encrypted_seed":"` + authySeal(t, "pass", "salt", 1000, make([]byte, 16)) + `","issuer":null,"name":"Shop: bob","salt":"salt","unique_iv":null}],"success":true}`
	want := lines("authy", "locked", "totp Acme:Acme "+hello+" SHA1/6/30/0 SHA1?", "totp Shop:bob "+hello+" SHA1/6/30/0 SHA1?")
	got, err := read(t, []byte(sealed), "pass")
	check(t, "locked", got, want, err, nil)
	got, err = read(t, []byte(`{"message":"success","decrypted_authenticator_tokens":[{"name":"Acme: ann","issuer":"Acme","decrypted_seed":"JBSWY3DPEHPK3PXP","digits":7}]}`), "")
	check(t, "decrypted", got, lines("authy", "totp Acme:ann "+hello+" SHA1/7/30/0 SHA1?"), err, nil)
	got, err = read(t, []byte(`{"authenticator_tokens":[`+strings.Repeat(`{"encrypted_seed":"AAAA","key_derivation_iterations":20000000},`, 5)+`{"encrypted_seed":"AAAA"}]}`), "x")
	check(t, "too many rounds in all", got, "authy locked", err, foreign.ErrTooCostly)
	got, err = read(t, []byte(`{"authenticator_tokens":[{"encrypted_seed":"AAAA","key_derivation_iterations":2000000000}]}`), "x")
	check(t, "too many rounds in the only one", got, "authy locked", err, foreign.ErrTooCostly)
	one := `{"name":"ann","encrypted_seed":"` + authySeal(t, "pass", "salt", 1000, make([]byte, 16)) + `","salt":"salt"}`
	got, err = read(t, []byte(`{"authenticator_tokens":[`+one+`,{"encrypted_seed":"AAAA","key_derivation_iterations":2000000000}]}`), "pass")
	costly := &foreign.CostError{Of: foreign.Rounds, Asked: 2_000_000_000, Max: foreign.MaxRounds}
	check(t, "too many rounds in one", got, lines("authy", "locked", "totp :ann "+hello+" SHA1/6/30/0 SHA1?", ": "+costly.Error()), err, nil)
	got, err = read(t, []byte(`{"authenticator_tokens":[{"decrypted_seed":"JBSWY3DPEHPK3PXP","name":"ann"},{"decr`), "")
	check(t, "cut short", got, lines("authy", "totp :ann "+hello+" SHA1/6/30/0 SHA1?"), err, foreign.ErrCutShort)
}

func mask(text string) string {
	b := []byte(text)
	for i := range b {
		b[i] ^= battlenetMask[i]
	}
	return hex.EncodeToString(b)
}

func TestBattlenet(t *testing.T) {
	file := func(secret, kind string) []byte {
		return prefsFile(battlenetKind, kind, battlenetSecret, secret, battlenetSerial, mask("EU-1111-2222-3333"))
	}
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"masked":      {file(mask("48656c6c6f21deadbeef"), "MASK"), "totp Battle.net:EU-1111-2222-3333 " + hello + " SHA1/8/30/0"},
		"no serial":   {prefsFile(battlenetSecret, mask("48656c6c6f21deadbeef")), "totp Battle.net: " + hello + " SHA1/8/30/0"},
		"by a key":    {file("00", "KEYSTORE"), "Battle.net:EU-1111-2222-3333: " + foreign.ErrRestricted.Error()},
		"no hex":      {file("xyz", "MASK"), "Battle.net:EU-1111-2222-3333: " + otpauth.ErrBadSecret.Error()},
		"no hex in":   {file(mask("xy"), "MASK"), "Battle.net:EU-1111-2222-3333: " + otpauth.ErrBadSecret.Error()},
		"a long one":  {file(strings.Repeat("00", 60), "MASK"), "Battle.net:EU-1111-2222-3333: " + otpauth.ErrBadSecret.Error()},
		"nothing":     {file("", "MASK"), "Battle.net:EU-1111-2222-3333: " + otpauth.ErrBadSecret.Error()},
		"odd, no end": {file("0", "MASK"), "Battle.net:EU-1111-2222-3333: " + otpauth.ErrBadSecret.Error()},
	} {
		got, err := read(t, tt.data, "")
		check(t, name, got, lines("battlenet", tt.want), err, nil)
	}
}

const totpAccounts = `[{"base":16,"digits":"8","issuer":"Acme","key":"48656C6C6F21DEADBEEF","name":"ann","period":"60","isFavorite":true},
	{"base":32,"digits":"","issuer":"Unknown","key":"jbswy3dpehpk3pxp","name":"bob","period":""},
	"{\"base\":64,\"issuer\":\"\",\"key\":\"SGVsbG8h3q2+7w==\",\"name\":\"eve\"}",
	{"base":10,"name":"base","key":"1"},{"base":16,"name":"hex","key":"xyz"},{"base":16,"digits":"0","name":"zero","key":"00"},{"name":5}]`

var totpWant = lines(
	"totp Acme:ann "+hello+" SHA1/8/60/0 favourite SHA1?", "totp :bob "+hello+" SHA1/6/30/0 SHA1?", "totp :eve "+hello+" SHA1/6/30/0 SHA1?",
	"base: "+otpauth.ErrBadSecret.Error(), "hex: "+otpauth.ErrBadSecret.Error(), "zero: "+otpauth.ErrDigits.Error(), ": "+foreign.ErrDamaged.Error())

func totpBackup(t testing.TB, pass string) string {
	t.Helper()
	key := sha256.Sum256([]byte(pass))
	return sealCBC(t, key[:], make([]byte, aes.BlockSize), asJSON(t, map[string]string{totpAccounts: "x"}))
}

func TestTOTPAuthenticator(t *testing.T) {
	locked := totpBackup(t, "pass")
	for _, tt := range []struct {
		name, text, pass, want string
		err                    error
	}{
		{"backup", locked, "pass", lines("totp-authenticator", "locked", totpWant), nil},
		{"in lines", locked[:76] + "\r\n" + locked[76:] + "\n", "pass", lines("totp-authenticator", "locked", totpWant), nil},
		{"wrong password", locked, "other", lines("totp-authenticator", "locked"), foreign.ErrPassword},
		{"no password chosen", totpBackup(t, totpPassword), "", lines("totp-authenticator", totpWant), nil},
		{"preferences", string(prefsFile(totpKey, "pass", totpList, totpAccounts)), "", lines("totp-authenticator", totpWant), nil},
		{"encrypted preferences", string(prefsFile(totpKey, "pass", totpList, locked)), "", lines("totp-authenticator", totpWant), nil},
		{"with another key", string(prefsFile(totpKey, "other", totpList, locked)), "", "totp-authenticator", foreign.ErrDamaged},
		{"cut short", string(prefsFile(totpList, totpAccounts[:140])), "", lines("totp-authenticator", strings.Split(totpWant, "\n")[0]), foreign.ErrCutShort},
	} {
		got, err := read(t, []byte(tt.text), tt.pass)
		check(t, tt.name, got, tt.want, err, tt.err)
	}
}

func TestOpenCBC(t *testing.T) {
	key, iv := make([]byte, 32), make([]byte, aes.BlockSize)
	for _, n := range []int{0, 15, 16, 17} {
		plain := strings.Repeat("x", n)
		sealed, ok := fromBase64(sealCBC(t, key, iv, plain))
		if got, fine := openCBC(key, iv, sealed); !ok || !fine || string(got) != plain {
			t.Errorf("%d bytes: %q", n, got)
		}
		if _, fine := openCBC(key, iv, sealed[:len(sealed)-1]); fine {
			t.Errorf("%d bytes, cut: opened", n)
		}
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"\x00", "\x11", "\x01\x02", "\x02\x03\x03"} {
		b := append(make([]byte, 16-len(end)), end...)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(b, b)
		if _, fine := openCBC(key, iv, b); fine {
			t.Errorf("padding % x is taken", end)
		}
	}
	if _, fine := openCBC(key, iv[:8], make([]byte, 16)); fine {
		t.Error("half an IV is taken")
	}
}

func FuzzAuthy(f *testing.F) {
	f.Add(prefsFile(authyPrefs, `[{"decryptedSecret":"JBSWY3DPEHPK3PXP","digits":7,"name":"Acme: ann"}]`))
	f.Add([]byte(`{"authenticator_tokens":[{"encrypted_seed":"AAAA","salt":"s","key_derivation_iterations":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := foreign.NewSource("", data)
		if (authy{}).Detect(s) == foreign.No {
			return
		}
		_, _ = authy{}.Lock(s)
		_ = eachAuthy(t.Context(), s, func(a authyToken) {
			if e := a.entry(); (e.Err == nil) != (e.Key.Validate() == nil) {
				t.Errorf("%v", e.Err)
			}
		})
	})
}

func FuzzBattlenet(f *testing.F) {
	f.Add(prefsFile(battlenetSecret, mask("48656c6c6f21deadbeef")))
	fuzzReader(f, battlenet{}, "")
}

func FuzzTOTPAuthenticator(f *testing.F) {
	f.Add([]byte(totpBackup(f, "pass")))
	f.Add(prefsFile(totpList, totpAccounts))
	fuzzReader(f, totpAuthenticator{}, "pass")
}
