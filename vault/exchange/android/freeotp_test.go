// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1" // #nosec G505 -- as in the app
	"crypto/sha512"
	"encoding/asn1"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// prefsFile writes preferences: names and values in turn.
func prefsFile(all ...string) []byte {
	var b strings.Builder
	b.WriteString("<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n    <int name=\"n\" value=\"1\" />\n")
	escape := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;")
	for i := 0; i < len(all); i += 2 {
		b.WriteString(`    <string name="` + escape.Replace(all[i]) + `">` + escape.Replace(all[i+1]) + "</string>\n")
	}
	b.WriteString(`    <set name="s"><string>x</string></set>` + "\n</map>\n")
	return []byte(b.String())
}

func TestFreeOTP1(t *testing.T) {
	key := `"secret":[72,101,108,108,111,33,-34,-83,-66,-17]`
	data := prefsFile(
		"tokenOrder", `["a"]`,
		"Acme:ann", `{"algo":"SHA256","counter":0,"digits":8,"issuerExt":"Acme","issuerInt":"Acme","label":"ann","period":60,`+key+`,"type":"TOTP"}`,
		"bob", `{"type":"HOTP","counter":6,"issuerExt":"","label":"bob",`+key+`}`,
		"renamed", `{"type":"TOTP","issuerExt":"A","issuerAlt":"B","label":"c","labelAlt":"d",`+key+`}`,
		"Steam:eve", `{"type":"TOTP","digits":5,"issuerExt":"Steam","label":"eve",`+key+`}`,
		"old", "otpauth://totp/Acme:old?secret=JBSWY3DPEHPK3PXP",
		"md5", `{"type":"TOTP","algo":"MD5","label":"md5",`+key+`}`,
		"none", `{"type":"TOTP","label":"none"}`,
		"range", `{"type":"TOTP","label":"range","secret":[300]}`,
		"less", `{"type":"HOTP","label":"less","counter":-1,`+key+`}`,
		"broken", `{"type":`,
	)
	got, err := read(t, data, "")
	check(t, "FreeOTP 1", got, lines("freeotp",
		"totp Acme:ann "+hello+" SHA256/8/60/0", "hotp :bob "+hello+" SHA1/6/0/7 +1", "totp B:d "+hello+" SHA1/6/30/0",
		"steam Steam:eve "+hello+" SHA1/5/30/0", "totp Acme:old "+hello+" SHA1/6/30/0",
		"md5: algorithm: "+otpauth.ErrAlgorithm.Error(), "none: secret: "+otpauth.ErrNoSecret.Error(), "range: "+foreign.ErrDamaged.Error(),
		"less: "+otpauth.ErrCounter.Error(), "broken: "+foreign.ErrCutShort.Error()), err, nil)
	got, err = read(t, data[:strings.Index(string(data), "renamed")], "")
	check(t, "cut short", got, lines("freeotp", "totp Acme:ann "+hello+" SHA256/8/60/0", "hotp :bob "+hello+" SHA1/6/0/7 +1"), err, foreign.ErrCutShort)
}

// java writes a map as Java serialises it.
func java(pairs ...string) []byte {
	utf := func(b []byte, s string) []byte { return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...) }
	b := utf([]byte("\xac\xed\x00\x05sr"), "java.util.HashMap")
	b = append(b, "\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03\x00\x00xpw\x08\x00\x00\x00\x10"...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(pairs)/2))
	for _, s := range pairs {
		b = utf(append(b, 't'), s)
	}
	return append(b, 'x')
}

// javaNumbers are bytes as Java's JSON has them.
func javaNumbers(b []byte) []int8 {
	out := make([]int8, len(b))
	for i, c := range b {
		out[i] = int8(c)
	}
	return out
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sealing is how a phone encrypts FreeOTP 2's keys.
type sealing struct {
	hash func() hash.Hash
	name string
	bare bool // the nonce is alone in the parameters
}

var (
	android6  = sealing{sha1.New, "PBKDF2withHmacSHA1", true}
	android14 = sealing{sha512.New, "PBKDF2withHmacSHA512", false}
)

func (s sealing) seal(t testing.TB, key, plain []byte, purpose string) map[string]any {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := []byte("a nonce of 12")[:12]
	var parameters any = nonce
	if !s.bare {
		parameters = struct {
			Nonce []byte
			Tag   int
		}{nonce, 16}
	}
	der, err := asn1.Marshal(parameters)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"mCipher": "AES/GCM/NoPadding", "mToken": purpose, "mParameters": javaNumbers(der),
		"mCipherText": javaNumbers(gcm.Seal(nil, nonce, plain, []byte(purpose))),
	}
}

// master returns the map's entry for the key that all others are under.
func (s sealing) master(t testing.TB, key []byte, pass string, change func(map[string]any)) string {
	t.Helper()
	salt := []byte("a salt of thirty-two bytes for it")[:32]
	outer, err := pbkdf2.Key(s.hash, pass, salt, 100, 32)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]any{"mAlgorithm": s.name, "mIterations": 100, "mSalt": javaNumbers(salt), "mEncryptedKey": s.seal(t, outer, key, "AES")}
	if change != nil {
		change(m)
	}
	return asJSON(t, m)
}

// backupPairs is a backup with some accounts and defects.
func backupPairs(t testing.TB, s sealing, change func(map[string]any)) []string {
	t.Helper()
	key := []byte("the key that all others are unde")
	sealed := func(purpose string) string {
		return asJSON(t, map[string]string{"key": asJSON(t, s.seal(t, key, []byte("Hello!\xde\xad\xbe\xef"), purpose))})
	}
	return []string{
		"id1", sealed("HmacSHA256"),
		"id2-token", `{"algo":"SHA1","counter":7,"digits":6,"issuerExt":"Acme","label":"bob","type":"HOTP"}`,
		"masterKey", s.master(t, key, "pass", change),
		"id1-token", `{"issuerInt":"Acme","issuerAlt":"Old","label":"ann","period":60,"type":"TOTP"}`,
		"id2", sealed("HmacSHA1"),
		"id3-token", `{"issuerExt":"Steam","label":"eve","type":"TOTP","algo":"SHA1"}`, "id3", sealed("HmacSHA1"),
		"id4-token", `{"issuerExt":"Acme","label":"no key","type":"TOTP"}`,
		"id5", sealed("HmacSHA1"),
		"id6-token", `{"label":"other key","type":"TOTP"}`, "id6", strings.Replace(sealed("HmacSHA1"), "HmacSHA1", "HmacSHA512", 1),
	}
}

func TestFreeOTP2(t *testing.T) {
	want := lines("freeotp", "locked",
		"totp Acme:ann "+hello+" SHA256/6/60/0", "hotp Acme:bob "+hello+" SHA1/6/0/7", "steam Steam:eve "+hello+" SHA1/5/30/0",
		"Acme:no key: "+foreign.ErrDamaged.Error(), ": "+foreign.ErrDamaged.Error(), "other key: "+foreign.ErrDamaged.Error())
	for name, s := range map[string]sealing{"Android 6": android6, "Android 14": android14} {
		pairs := backupPairs(t, s, nil)
		got, err := read(t, java(pairs...), "pass")
		check(t, name, got, want, err, nil)
		got, err = read(t, prefsFile(pairs...), "pass")
		check(t, name+", preferences", got, want, err, nil)
		got, err = read(t, java(pairs...), "other")
		check(t, name+", wrong password", got, lines("freeotp", "locked"), err, foreign.ErrPassword)
		whole := java(pairs...)
		got, err = read(t, whole[:len(whole)-5], "pass")
		if !errors.Is(err, foreign.ErrCutShort) || !strings.HasPrefix(got, strings.Join(strings.Split(want, "\n")[:5], "\n")) {
			t.Errorf("%s, cut short: %s, %v", name, got, err)
		}
	}
}

func TestFreeOTP2Master(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(map[string]any)
		want   error
		late   bool // it is seen only once the password is there
	}{
		{"another hash", func(m map[string]any) { m["mAlgorithm"] = "scrypt" }, foreign.ErrNewer, false},
		{"too many rounds", func(m map[string]any) { m["mIterations"] = 2_000_000_000 }, foreign.ErrTooCostly, false},
		{"no rounds", func(m map[string]any) { m["mIterations"] = 0 }, foreign.ErrDamaged, false},
		{"an odd salt", func(m map[string]any) { m["mSalt"] = []int{1, 2, 3} }, foreign.ErrDamaged, false},
		{"another cipher", func(m map[string]any) { m["mEncryptedKey"].(map[string]any)["mCipher"] = "AES" }, foreign.ErrNewer, true},
		{"odd parameters", func(m map[string]any) { m["mEncryptedKey"].(map[string]any)["mParameters"] = []int{48, 0} }, foreign.ErrDamaged, true},
		{"no bytes", func(m map[string]any) { m["mSalt"] = "x" }, foreign.ErrDamaged, false},
	} {
		got, err := read(t, java(backupPairs(t, android14, tt.change)...), "pass")
		want := "freeotp locked" // no password is asked for
		if tt.late {
			want = lines("freeotp", "locked")
		}
		check(t, tt.name, got, want, err, tt.want)
	}
	got, err := read(t, java("id-token", "{}"), "pass")
	check(t, "no master key", got, "freeotp locked", err, foreign.ErrDamaged)
	whole := java("id-token", "{}", "masterKey", "{}")
	got, err = read(t, whole[:len(whole)-4], "pass")
	check(t, "cut before the master key", got, "freeotp locked", err, foreign.ErrCutShort)
	for name, data := range map[string][]byte{"a list": []byte("\xac\xed\x00\x05ur\x00\x02[B"), "another map": java("a", "b")} {
		if m := (freeotp2{}).Detect(foreign.NewSource("", data)); m != foreign.No {
			t.Errorf("%s: %v", name, m)
		}
	}
}

func TestPreferences(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		err              error
	}{
		{"entities", `<!DOCTYPE map [<!ENTITY x "y">]><map><string name="a">&x;</string></map>`, "", foreign.ErrEntities},
		{"an unknown entity", `<map><string name="a">&x;</string></map>`, "", foreign.ErrDamaged},
		{"deep", strings.Repeat("<map>", 10_000), "", foreign.ErrBomb},
		{"of attributes", "<map><string " + strings.Repeat(`a=""`, 20_000), "", foreign.ErrBomb},
		{"nothing", "", "", foreign.ErrCutShort},
		{"too many ends", "<map></map></map>", "", nil},
		{"an end first", "</map>", "", foreign.ErrDamaged},
		{"something in a text", `<map><string name="a">x<b/></string></map>`, "", foreign.ErrDamaged},
		{"CDATA", `<map><string name="a"><![CDATA[<x>]]>&#38;</string><string name="b"/></map>`, "a=<x>& b=", nil},
		{"cut short", `<map><string name="a">x</string><string name="b">y`, "a=x", foreign.ErrCutShort},
	} {
		prefs, err := parsePrefs([]byte(tt.text))
		var got []string
		for _, p := range prefs {
			got = append(got, p.name+"="+p.value)
		}
		if strings.Join(got, " ") != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func FuzzFreeOTP1(f *testing.F) {
	f.Add(prefsFile("tokenOrder", "[]", "a", `{"type":"HOTP","counter":6,"label":"bob","secret":[72,-34]}`))
	fuzzReader(f, freeotp1{}, "")
}

func FuzzFreeOTP2(f *testing.F) {
	f.Add(java(backupPairs(f, android14, nil)...))
	f.Add(prefsFile(backupPairs(f, android6, nil)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := foreign.NewSource("", data)
		freeotp2{}.Detect(s)
		b, _ := loadBackup(data)
		for _, id := range b.ids {
			e := b.entry(id, []byte("the key that all others are unde"))
			if (e.Err == nil) != (e.Key.Validate() == nil) {
				t.Errorf("%v", e.Err)
			}
		}
	})
}
