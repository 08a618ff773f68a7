// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const aegisVault = `{"version":3,"entries":[
 {"type":"totp","uuid":"e1","name":"ann","issuer":"Shop","note":"my note","favorite":true,"icon":null,
  "info":{"secret":"` + key1 + `","algo":"SHA256","digits":8,"period":60},"groups":["g2","g1","gone"]},
 {"type":"hotp","uuid":"e2","name":"bob","issuer":"","note":null,"info":{"secret":"` + key1 + `","algo":"SHA1","digits":6,"counter":7}},
 {"type":"steam","uuid":"e3","name":"cat","issuer":"Steam","info":{"secret":"` + key1 + `","algo":"SHA1","digits":5,"period":30},"groups":[]}
],"groups":[{"uuid":"g1","name":"Work"},{"uuid":"g2","name":"Home"}],"other":true}`

var aegisWant = []string{
	"totp Shop|ann " + hex1 + ` SHA256 8 60s ["Home" "Work"] note="my note" favourite`,
	"hotp |bob " + hex1 + " SHA1 6 #7",
	"steam Steam|cat " + hex1 + " SHA1 5 30s",
}

func aegisPlain(db string) string {
	return `{"version":1,"header":{"slots":null,"params":null},"db":` + db + "}"
}

// aegisList is a plain file of these entries.
func aegisList(entries ...string) string {
	return aegisPlain(`{"version":2,"entries":[` + strings.Join(entries, ",") + "]}")
}

func aegisOf(kind, info string) string {
	return `{"type":"` + kind + `","uuid":"u","name":"n","issuer":"i","info":{"secret":"` + key1 + `"` + info + "}}"
}

func TestAegis(t *testing.T) {
	plain := "totp i|n " + hex1 + " SHA1 6 30s"
	check(t, Aegis, map[string]sample{
		"version 3":      {aegisPlain(aegisVault), aegisWant, nil},
		"content alone":  {aegisVault, aegisWant, nil},
		"db first, BOM":  {"\xEF\xBB\xBF" + `{"db":` + aegisVault + `,"header":{"params":null,"slots":null},"version":1}`, aegisWant, nil},
		"CRLF":           {strings.ReplaceAll(aegisPlain(aegisVault), "\n", "\r\n"), aegisWant, nil},
		"without header": {`{"version":1,"header":{},"db":` + aegisVault + "}", aegisWant, nil},
		"old group": {
			aegisPlain(`{"version":1,"entries":[{"type":"totp","uuid":"u","name":"n","issuer":"i","group":"Work","info":{"secret":"` + key1 + `"}},
				{"type":"totp","uuid":"u","name":"n","issuer":"i","group":null,"info":{"secret":"` + key1 + `"}}]}`),
			[]string{plain + ` ["Work"]`, plain},
			nil,
		},
		"one wrong does not stop the others": {
			aegisList(
				aegisOf("totp", `,"digits":0`), aegisOf("totp", `,"period":0`), aegisOf("totp", `,"algo":"SHA3-256"`), aegisOf("hotp", `,"counter":-1`),
				aegisOf("motp", `,"pin":"1234"`), aegisOf("yandex", `,"pin":"1234"`), aegisOf("what", ""), `5`, `null`, `{"name":"n","info":7}`, `{}`,
				`{"type":"totp","name":17,"issuer":["x"],"info":{"secret":"`+key1+`"}}`, aegisOf("totp", ""),
			),
			[]string{
				"i:n: " + errText(otpauth.ErrDigits), "i:n: " + errText(otpauth.ErrPeriod), "i:n: algorithm: " + errText(otpauth.ErrAlgorithm), "i:n: " + errText(otpauth.ErrCounter),
				"i:n: a kind of code that is not supported: motp", "i:n: a kind of code that is not supported: yandex", "i:n: a kind of code that is not supported: what",
				": " + errText(foreign.ErrDamaged), ": " + errText(foreign.ErrDamaged), "n: secret: " + errText(otpauth.ErrNoSecret), ": secret: " + errText(otpauth.ErrNoSecret),
				"totp |17 " + hex1 + " SHA1 6 30s", plain,
			},
			nil,
		},
		"newer and as it was":  {aegisPlain(strings.Replace(aegisVault, `"version":3`, `"version":4`, 1)), aegisWant, nil},
		"newer and another":    {aegisPlain(`{"version":9,"entries":{"a":1}}`), nil, foreign.ErrNewer},
		"newer without any":    {aegisPlain(`{"version":9,"accounts":[]}`), nil, foreign.ErrNewer},
		"none":                 {aegisPlain(`{"version":3,"entries":[]}`), nil, nil},
		"cut after an entry":   {aegisPlain(aegisVault)[:strings.Index(aegisPlain(aegisVault), `"e3"`)], []string{strings.Replace(aegisWant[0], ` ["Home" "Work"]`, "", 1), aegisWant[1]}, foreign.ErrCutShort},
		"wrong after an entry": {strings.Replace(aegisPlain(aegisVault), `"bob"`, `bob`, 1), []string{strings.Replace(aegisWant[0], ` ["Home" "Work"]`, "", 1)}, foreign.ErrDamaged},
	})
}

func errText(err error) string { return err.Error() }

// aegisSealed encrypts a content under a master key that slots hold.
func aegisSealed(t testing.TB, content string, slots ...aegisSlot) []byte {
	t.Helper()
	master, nonce := counted(keySize), counted(12)
	sealed := sealGCM(t, master, nonce, []byte(content), nil)
	at := len(sealed) - tagSize
	f := aegisFile{
		Version: foreign.Int(1),
		Header:  aegisHeader{Slots: slots, Params: &aegisParams{nonce, sealed[at:]}},
		DB:      toJSON(t, b64(sealed[:at])),
	}
	return toJSON(t, f)
}

// slot makes a slot that a password opens.
func slot(t testing.TB, pass string, repaired bool) aegisSlot {
	t.Helper()
	s := aegisSlot{Type: aegisPassword, UUID: "p", N: 16, R: 1, P: 1, Salt: counted(32), Repaired: repaired}
	key := derived(t)(foreign.Scrypt(t.Context(), []byte(pass), s.Salt, s.N, s.R, s.P, keySize))
	nonce := counted(12)
	sealed := sealGCM(t, key, nonce, counted(keySize), nil)
	s.Key, s.KeyParams = sealed[:keySize], aegisParams{nonce, sealed[keySize:]}
	return s
}

func TestAegisSealed(t *testing.T) {
	raw, biometric := aegisSlot{Type: 0, Key: counted(32)}, aegisSlot{Type: 2, Key: counted(32)}
	costly := slot(t, "x", true)
	costly.N = 1 << 25
	for name, slots := range map[string][]aegisSlot{
		"one":            {slot(t, password, true)},
		"among others":   {raw, biometric, slot(t, "another", true), slot(t, password, true)},
		"beside costly":  {costly, slot(t, password, false)},
		"not repaired":   {slot(t, password, false)},
		"twice the same": {slot(t, password, true), slot(t, password, true)},
	} {
		t.Run(name, func(t *testing.T) {
			checkSealed(t, Aegis, aegisSealed(t, aegisVault, slots...), password, aegisWant...)
		})
	}
}

// Before passwords were repaired, zeros stood behind those that are long.
func TestAegisOldPassword(t *testing.T) {
	long := strings.Repeat("correct horse ", 3)
	old := long + strings.Repeat("\x00", len(long))
	checkSealed(t, Aegis, aegisSealed(t, aegisVault, slot(t, old, false)), long, aegisWant...)
	if _, err := collect(t, Aegis, aegisSealed(t, aegisVault, slot(t, old, true)), long); !errors.Is(err, foreign.ErrPassword) {
		t.Errorf("repaired: %v", err)
	}
}

func TestAegisCannotBeOpened(t *testing.T) {
	costly, odd := slot(t, password, true), slot(t, password, true)
	costly.N, odd.N = 1<<25, 1000
	for name, c := range map[string]struct {
		slots []aegisSlot
		want  error
	}{
		"no slot":          {nil, foreign.ErrRestricted},
		"no password slot": {[]aegisSlot{{Type: 2}}, foreign.ErrRestricted},
		"too costly":       {[]aegisSlot{costly}, foreign.ErrTooCostly},
		"odd parameters":   {[]aegisSlot{odd}, foreign.ErrDamaged},
	} {
		data := aegisSealed(t, aegisVault, c.slots...)
		if _, err := Aegis.Lock(foreign.NewSource("", data)); !errors.Is(err, c.want) {
			t.Errorf("%s: lock %v", name, err)
		}
		if _, err := collect(t, Aegis, data, password); !errors.Is(err, c.want) {
			t.Errorf("%s: read %v", name, err)
		}
	}
	var cost *foreign.CostError
	if _, err := Aegis.Lock(foreign.NewSource("", aegisSealed(t, aegisVault, costly))); !errors.As(err, &cost) || cost.Asked != 128<<25 {
		t.Errorf("the figure: %v", err)
	}
}

// A password is tried on each slot: all of them cost no more than one may.
func TestAegisManyCostlySlots(t *testing.T) {
	usual, costly := aegisSlot{Type: aegisPassword, N: 1 << 15, R: 8, P: 1}, aegisSlot{Type: aegisPassword, N: 1 << 20, R: 8, P: 1}
	for want, s := range map[int]aegisSlot{aegisSlots: usual, 2: costly} {
		f := aegisFile{Header: aegisHeader{Slots: slices.Repeat([]aegisSlot{s}, 20)}}
		if got, err := f.slots(); len(got) != want || err != nil {
			t.Errorf("N %d: %d slots, %v", s.N, len(got), err)
		}
	}
}

// A right password tells a damaged content from a wrong one.
func TestAegisDamaged(t *testing.T) {
	var f aegisFile
	if err := json.Unmarshal(aegisSealed(t, aegisVault, slot(t, password, true)), &f); err != nil {
		t.Fatal(err)
	}
	f.Header.Params.Tag[3] ^= 1
	if _, err := collect(t, Aegis, toJSON(t, f), password); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("tag: %v", err)
	}
	f.Header.Params = nil
	if _, err := collect(t, Aegis, toJSON(t, f), password); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("no parameters: %v", err)
	}
	newer := aegisSealed(t, `{"vault":1}`, slot(t, password, true))
	newer = []byte(strings.Replace(string(newer), `"version":1`, `"version":2`, 1))
	if _, err := collect(t, Aegis, newer, password); !errors.Is(err, foreign.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
}

func FuzzAegis(f *testing.F) {
	fuzz(f, Aegis, aegisPlain(aegisVault), aegisVault, aegisList(aegisOf("motp", ""), "5", "{}"),
		string(aegisSealed(f, aegisVault, slot(f, password, true), aegisSlot{Type: 2})))
}
