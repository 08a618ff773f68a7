// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func TestWalk(t *testing.T) {
	const text = `{"x":[{"a":[1]}],"a":{"one":{"b":[10,{"c":20}]},"none":{"b":null},"two":{"z":1,"b":["c"]}},"a2":[]}`
	var got []string
	err := walk(t.Context(), strings.NewReader(text), func(v json.RawMessage) { got = append(got, string(v)) }, "a", every, "b", every)
	if err != nil || fmt.Sprint(got) != `[10 {"c":20} "c"]` {
		t.Errorf("%v, %v", got, err)
	}
	for text, want := range map[string]error{
		`{"a":5}`: foreign.ErrDamaged, `{"a":[1]}`: foreign.ErrDamaged, `{"a":{"x":{"b":[1`: foreign.ErrCutShort, ``: foreign.ErrCutShort, `{"a":{"x"}}`: foreign.ErrDamaged, `[]`: foreign.ErrDamaged,
	} {
		if err := walk(t.Context(), strings.NewReader(text), func(json.RawMessage) {}, "a", every, "b", every); !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Of what is passed over, nothing is held: not even how deep it is.
func TestWalkIsBounded(t *testing.T) {
	for text, want := range map[string]error{
		`{"x":` + strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting) + `}`: nil,
		`{"x":` + strings.Repeat("[", 1+maxNesting):                                       foreign.ErrBomb,
		`{"a":{"x":{"x":` + strings.Repeat(`{"x":`, 1+maxNesting):                         foreign.ErrBomb,
	} {
		if err := walk(t.Context(), strings.NewReader(text), func(json.RawMessage) {}, "a", every, "b", every); !errors.Is(err, want) {
			t.Errorf("%.20s: %v", text, err)
		}
	}
}

const protonVaults = `{"userId":"u","vaults":{"v1":{"name":"Personal","items":[
	{"state":1,"pinned":true,"data":{"metadata":{"name":"Shop","note":"n"},"type":"login","content":{"itemEmail":"m@example.com","itemUsername":"","password":"p","totpUri":"` + keyA + `"},
	 "extraFields":[{"fieldName":"text","type":"text","data":{"content":"x"}},{"fieldName":"2","type":"totp","data":{"totpUri":"otpauth://totp/x?secret=` + keyB + `&period=60"}}]}},
	{"state":2,"data":{"metadata":{"name":"Old"},"type":"login","content":{"username":"anna","totpUri":"otpauth://totp/Old:anna?secret=` + keyB + `"},"extraFields":[]}},
	{"state":1,"data":{"metadata":{"name":"Own design"},"type":"custom","content":{"sections":[{"sectionName":"s","sectionFields":[{"type":"totp","data":{"totpUri":"` + keyB + `"}}]}]},"extraFields":[]}},
	{"state":1,"data":{"metadata":{"name":"Odd"},"type":"login","content":{"totpUri":5}}},
	{"state":1,"data":{"metadata":{"name":"Bad"},"type":"login","content":{"itemUsername":"b","totpUri":"otpauth://totp/nothing"}}},
	{"state":1,"data":{"metadata":{"name":"Note"},"type":"note","content":{}}}]},
	"v2":{"name":"Empty","items":[]},"v3":{"items":null}},"version":"5"}`

var protonEntries = []string{
	`totp "Shop" "m@example.com" ` + keyAHex + ` favourite remarks [5]`,
	`totp "Shop" "x" ` + keyBHex + ` 60 s favourite remarks [5]`,
	`totp "Old" "anna" ` + keyBHex + ` trashed`,
	`totp "Own design" "" ` + keyBHex,
	`refused "Odd": it is damaged`,
	`refused "Bad:b": secret: there is no secret`,
}

func TestProtonPass(t *testing.T) {
	gives(t, []byte(protonVaults), "", "proton-pass", protonEntries...)
	gives(t, zipped(t, "Proton Pass/data.json", protonVaults), "", "proton-pass", protonEntries...)
	gives(t, zipped(t, `Proton Pass\files\x`, "a file", `Proton Pass\data.json`, protonVaults), "", "proton-pass", protonEntries...)
	fails(t, []byte(protonVaults[:900]), "", foreign.ErrCutShort)
	fails(t, zipped(t, "Proton Pass/data.json", protonVaults[:900]), "", foreign.ErrCutShort)
}

const onePasswordVault = `{"accounts":[{"attrs":{"email":"a@example.com"},"vaults":[{"attrs":{"name":"Private"},"items":[
	{"uuid":"1","favIndex":1,"state":"active","categoryUuid":"001","overview":{"title":"Shop","tags":["work","web"]},
	 "details":{"notesPlain":"n","loginFields":[{"value":"secret","name":"password","designation":"password"},{"value":"anna","name":"user","designation":"username"}],
	  "sections":[{"title":"","fields":[{"title":"one-time password","id":"TOTP_1","value":{"totp":"otpauth://totp/Shop:anna?secret=` + keyA + `&digits=8"}},{"title":"x","value":{"concealed":"y"}}]},
	              {"title":"more","fields":[{"title":"backup","id":"TOTP_2","value":{"totp":"` + keyB + `"}},{"title":"address","value":{"address":{"street":"s"}}}]}]}},
	{"uuid":"2","state":"archived","overview":{"title":"Kept","tags":null},"details":{"loginFields":[],"sections":[{"fields":[{"value":{"totp":"` + keyA + `"}}]}]}},
	{"uuid":"3","overview":{"title":"Odd"},"details":{"sections":[{"fields":[{"value":{"totp":{"x":1}}}]}]}},
	{"uuid":"4","overview":{"title":"No codes"},"details":{}},
	{"item":{"uuid":"5","trashed":true,"overview":{"title":"Early"},"details":{"sections":[{"fields":[{"value":{"totp":"` + keyB + `"}}]}]}}}]},{"items":[]}]}]}`

func TestOnePassword(t *testing.T) {
	gives(t, zipped(t, "export.attributes", "{}", "export.data", onePasswordVault), "", "1password",
		`totp "Shop" "anna" `+keyAHex+` 8 digits ["work" "web"] favourite remarks [5]`,
		`totp "Shop" "anna" `+keyBHex+` ["work" "web"] favourite remarks [5]`,
		`totp "Kept" "" `+keyAHex,
		`refused "Odd": it is damaged`,
		`totp "Early" "" `+keyBHex+` trashed`)
	fails(t, zipped(t, "export.data", onePasswordVault[:800]), "", foreign.ErrCutShort)
}

const enpassVault = `{"folders":[{"icon":"x","parent_uuid":"","title":"Work","uuid":"w"}],"items":[
	{"uuid":"1","title":"Shop","template_type":"login.default","category":"login","favorite":1,"trashed":0,"folders":["w"],
	 "fields":[{"type":"email","value":"a@example.com"},{"type":"username","value":"anna"},{"type":"password","value":"p"},{"type":"totp","value":"` + keyA + `"},{"type":"totp","value":""}]},
	{"uuid":"2","title":"Old","template_type":"login.default","trashed":1,"fields":[{"type":"email","value":"b@example.com"},{"type":"totp","value":"` + keyB + `","deleted":0},{"type":"totp","value":"` + keyA + `","deleted":1}]},
	{"uuid":"3","title":"Odd","fields":[{"type":"totp","value":5}]},
	{"uuid":"4","title":"Note","template_type":"note.default","trashed":0,"fields":null}]}`

func TestEnpass(t *testing.T) {
	gives(t, []byte(enpassVault), "", "enpass",
		`totp "Shop" "anna" `+keyAHex+` ["Work"] favourite`,
		`totp "Old" "b@example.com" `+keyBHex+` trashed`,
		`refused "Odd": it is damaged`)
	fails(t, []byte(enpassVault[:len(enpassVault)-5]), "", foreign.ErrCutShort)
}

// An archive in which nothing is known says what is wrong with it.
func TestOtherArchives(t *testing.T) {
	whole := zipped(t, "export.data", onePasswordVault)
	fails(t, whole[:len(whole)/2], "", foreign.ErrCutShort)
	fails(t, zipped(t, "holiday.jpg", "x"), "", foreign.ErrUnknown)
	fails(t, zipped(t, "../../etc/export.txt", winAuthLines), "", nil) // a name is no path
}

func TestArchiveBomb(t *testing.T) {
	many := make([]string, 0, 2*20_001)
	for i := range 20_001 {
		many = append(many, fmt.Sprint(i), "")
	}
	fails(t, zipped(t, many...), "", foreign.ErrBomb)
}

func FuzzProtonPass(f *testing.F) {
	fuzz(f, [][]byte{[]byte(protonVaults), zipped(f, "Proton Pass/data.json", protonVaults)}, func(s *foreign.Source) bool {
		return fileIn(s, protonPassFolder, protonPassSealed) == nil
	}, protonPass{})
}

func FuzzOnePassword(f *testing.F) {
	fuzz(f, [][]byte{zipped(f, "export.data", onePasswordVault)}, always, onePassword{})
}

// FuzzOnePasswordItem gets at what stands in the archive.
func FuzzOnePasswordItem(f *testing.F) {
	start := strings.Index(onePasswordVault, `{"uuid"`)
	f.Add([]byte(onePasswordVault[start : strings.Index(onePasswordVault, `{"uuid":"2"`)-3]))
	f.Fuzz(func(t *testing.T, item []byte) {
		readOnePasswordItem(item, func(e foreign.Entry) {
			if e.Err == nil && e.Key.Validate() != nil {
				t.Error(e.Key.Validate())
			}
		})
	})
}

func FuzzEnpass(f *testing.F) { fuzz(f, [][]byte{[]byte(enpassVault)}, always, enpass{}) }
