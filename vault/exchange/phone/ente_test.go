// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// enteLine is a URI with Ente's parameter.
func enteLine(uri, display string) string {
	return uri + "&codeDisplay=" + strings.ReplaceAll(url.QueryEscape("{"+display+"}"), "%20", "+")
}

var enteText = strings.Join([]string{
	enteLine("otpauth://totp/Shop:ann?secret="+key1+"%3D%3D&issuer=Shop&algorithm=sha256&digits=8&period=60", `"pinned":true,"trashed":false,"tags":["Work"," "],"note":"a note & more","position":0`),
	enteLine("otpauth://totp/:bob?algorithm=SHA1&digits=6&issuer&period=30&secret="+strings.ToLower(key1), `"pinned":false,"trashed":true,"tags":null,"note":null`),
	"",
	enteLine("otpauth://hotp/Bank:cat?issuer=Bank&period=30&secret="+key1, ""),
	enteLine("otpauth://hotp/Bank:dan?issuer=Bank&secret="+key1+"&counter=7", ""),
	enteLine("otpauth://steam/Steam:eve?secret="+key1+"&issuer=Steam&digits=5", ""),
	enteLine("otpauth://totp/Bad:fay?secret="+key1+"&algorithm=MD5&issuer=Bad", ""),
	"otpauth://totp/Shop:gus?secret=" + key1 + "&issuer=Shop",
	"what is this",
}, "\n") + "\n"

var enteWant = []string{
	"totp Shop|ann " + hex1 + ` SHA256 8 60s ["Work"] note="a note & more" favourite`,
	"totp |bob " + hex1 + " SHA1 6 30s trashed",
	"hotp Bank|cat " + hex1 + " SHA1 6 #0",
	"hotp Bank|dan " + hex1 + " SHA1 6 #7",
	"steam Steam|eve " + hex1 + " SHA1 5 30s",
	"Bad:fay: algorithm: " + errText(otpauth.ErrAlgorithm),
	"totp Shop|gus " + hex1 + " SHA1 6 30s",
	": not a key URI: it does not begin with otpauth://",
}

func TestEnte(t *testing.T) {
	one := enteLine("otpauth://totp/Shop:ann?secret="+key1+"&issuer=Shop", `"note":"n"`)
	want := "totp Shop|ann " + hex1 + ` SHA1 6 30s note="n"`
	bare := strings.Replace(want, ` note="n"`, "", 1)
	long := strings.Repeat("x", 5000)
	check(t, Ente, map[string]sample{
		"lines":              {enteText, enteWant, nil},
		"CRLF and BOM":       {"\xEF\xBB\xBF" + strings.ReplaceAll(enteText, "\n", "\r\n"), enteWant, nil},
		"no newline":         {one, []string{want}, nil},
		"long note":          {enteLine("otpauth://totp/Shop:ann?secret="+key1+"&issuer=Shop", `"note":"`+long+`"`), []string{bare + fmt.Sprintf(" note=%q", long)}, nil},
		"odd display":        {enteLine("otpauth://totp/Shop:ann?secret="+key1+"&issuer=Shop", `"tags":"x","note":["y"]`), []string{bare}, nil},
		"broken display":     {one + "\n" + one[:len(one)-9] + "\n", []string{want, bare}, nil},
		"cut in the display": {one + "\n" + one[:len(one)-9], []string{want, bare}, foreign.ErrCutShort},
		"cut in the secret":  {one + "\n" + "otpauth://totp/Shop:ann?secret=JBSWY3DP", []string{want, "Shop:ann: " + errText(foreign.ErrCutShort)}, foreign.ErrCutShort},
	})
	for _, other := range []string{"otpauth://totp/a?secret=" + key1, "see codeDisplay=1 in otpauth://", ""} {
		if m := Ente.Detect(foreign.NewSource("", []byte(other))); m != foreign.No {
			t.Errorf("%q: %d", other, m)
		}
	}
}

func enteSealedFile(t testing.TB, memory, passes int, content string) []byte {
	t.Helper()
	salt, header := counted(16), counted(streamHeader)
	key := derived(t)(foreign.Argon2id(t.Context(), []byte(password), salt, uint32(min(passes, 3)), uint32(min(memory>>10, 64)), 1, keySize))
	return fmt.Appendf(nil, `{"version":1,"kdfParams":{"memLimit":%d,"opsLimit":%d,"salt":"%s"},"encryptedData":"%s","encryptionNonce":"%s"}`,
		memory, passes, b64(salt), b64(sealStream(t, key, header, []byte(content))), b64(header))
}

func TestEnteSealed(t *testing.T) {
	checkSealed(t, Ente, enteSealedFile(t, 65536, 2, enteText), password, enteWant...)
	checkSealed(t, Ente, enteSealedFile(t, 10240, 1, strings.TrimSpace(enteText)), password, enteWant...)
	newer := strings.Replace(string(enteSealedFile(t, 65536, 1, "{}")), `"version":1`, `"version":3`, 1)
	if _, err := collect(t, Ente, []byte(newer), password); !errors.Is(err, foreign.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}

func TestEnteTooCostly(t *testing.T) {
	for _, c := range []struct {
		memory, passes int
		asked          uint64
	}{{2 << 30, 1, 2 << 30}, {8 << 42, 1, (1<<32 - 1) << 10}, {65536, 2_000_000, 2_000_000}} {
		data := enteSealedFile(t, c.memory, c.passes, enteText)
		_, err := Ente.Lock(foreign.NewSource("", data))
		var cost *foreign.CostError
		if !errors.As(err, &cost) || cost.Asked != c.asked {
			t.Errorf("%d bytes, %d passes: %v", c.memory, c.passes, err)
		}
		if _, err = collect(t, Ente, data, password); !errors.Is(err, foreign.ErrTooCostly) {
			t.Errorf("%d bytes, %d passes, read: %v", c.memory, c.passes, err)
		}
	}
}

func FuzzEnte(f *testing.F) {
	fuzz(f, Ente, enteText, enteLine("otpauth://hotp/:a?secret=A", `"tags":["x"]`), string(enteSealedFile(f, 65536, 1, enteText)))
}
