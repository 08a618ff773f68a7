// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const bitwardenVault = `{
  "encrypted": false,
  "folders": [{"id": "f1", "name": "Work/Servers"}, {"id": null, "name": "No folder"}],
  "items": [
    {"id": "1", "folderId": "f1", "type": 1, "name": "GitHub", "favorite": true, "notes": "a secret note",
     "fields": [{"name": "second", "value": "otpauth://totp/Backup:anna?secret=` + keyB + `&algorithm=SHA256", "type": 1}],
     "login": {"username": "anna", "password": "hunter2", "totp": "` + keyA + `"}},
    {"id": "2", "folderId": null, "type": 1, "name": "Mail", "deletedDate": "2026-01-02T03:04:05.000Z",
     "login": {"uris": null, "username": null, "password": null, "totp": "otpauth://totp/Post:bert?secret=` + keyB + `&digits=8&period=60"}},
    {"id": "3", "type": 1, "name": "Games", "login": {"username": "gus", "totp": "steam://` + keyA + `"}},
    {"id": "4", "type": 1, "name": "No codes", "login": {"username": "x", "totp": null}},
    {"id": "5", "type": 2, "name": "A note", "notes": "text", "secureNote": {"type": 0}},
    {"id": "6", "type": 1, "name": "Bad", "login": {"username": "eve", "totp": "no/base32!"}},
    {"id": "7", "type": 1, "name": "Odd", "login": {"username": "eve", "totp": 123456}}
  ]
}`

var bitwardenEntries = []string{
	`totp "GitHub" "anna" ` + keyAHex + ` ["Work/Servers"] favourite remarks [5]`,
	`totp "Backup" "anna" ` + keyBHex + ` SHA256 ["Work/Servers"] favourite remarks [5]`,
	`totp "Post" "bert" ` + keyBHex + ` 8 digits 60 s trashed`,
	`steam "Games" "gus" ` + keyAHex,
	`refused "Bad:eve": secret: the secret is not base32: character 3 is none of A–Z and 2–7`,
	`refused "Odd:eve": it is damaged`,
}

func TestBitwarden(t *testing.T) {
	gives(t, []byte(bitwardenVault), "", "bitwarden", bitwardenEntries...)
	gives(t, []byte("\xEF\xBB\xBF"+strings.ReplaceAll(bitwardenVault, "\n", "\r\n")), "", "bitwarden", bitwardenEntries...)
	gives(t, zipped(t, "attachments/1/readme.txt", "x", "data.json", bitwardenVault), "", "bitwarden", bitwardenEntries...)
	for _, other := range []string{`{"items":[1]}`, `[]`, "", `{"encrypted":true}`} { // many programs have such a file
		if r := surest(foreign.NewSource("", zipped(t, "html/data.json", other))); r.Format().ID != "zip" {
			t.Errorf("%s: taken for %s", other, r.Format().ID)
		}
	}
}

// An organisation's export has collections, of which an item may be in several.
func TestBitwardenCollections(t *testing.T) {
	gives(t, []byte(`{"encrypted":false,"collections":[{"id":"a","name":"Team"},{"id":"b","name":"Ops"}],"items":[
		{"name":"Git","collectionIds":["b","a","none"],"login":{"totp":"`+keyA+`"}}]}`), "", "bitwarden",
		`totp "Git" "" `+keyAHex+` ["Ops" "Team"]`)
}

func TestBitwardenBadFiles(t *testing.T) {
	fails(t, []byte(bitwardenVault[:len(bitwardenVault)-40]), "", foreign.ErrCutShort)
	fails(t, []byte(`{"encrypted":false,"items":[{"name":"x"},]}`), "", foreign.ErrDamaged)
	fails(t, []byte(`{"encrypted":true,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","folders":[],"items":[]}`), "", foreign.ErrRestricted)
	fails(t, []byte(`{"encrypted":true,"passwordProtected":false,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","data":"2.a|b|c"}`), "", foreign.ErrRestricted)
	fails(t, []byte(`{"encrypted":true,"passwordProtected":true,"salt":"c","kdfType":0,"kdfIterations":5,"data":"2.a|b|c"`), "", foreign.ErrCutShort)
}

// sealBitwarden makes an export under a password.
func sealBitwarden(t testing.TB, box bitwardenBox, pass, vault string) []byte {
	t.Helper()
	key, err := box.key(context.Background(), []byte(pass))
	if err != nil {
		t.Fatal(err)
	}
	encString := func(text string) string {
		enc, macKey, err := stretch(key)
		if err != nil {
			t.Fatal(err)
		}
		block, err := aes.NewCipher(enc)
		if err != nil {
			t.Fatal(err)
		}
		pad := aes.BlockSize - len(text)%aes.BlockSize
		body := append([]byte(text), strings.Repeat(string(rune(pad)), pad)...)
		iv := []byte("0123456789abcdef")
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(body, body)
		mac := hmac.New(sha256.New, macKey)
		mac.Write(iv)
		mac.Write(body)
		b64 := base64.StdEncoding.EncodeToString
		return "2." + b64(iv) + "|" + b64(body) + "|" + b64(mac.Sum(nil))
	}
	b, err := json.Marshal(map[string]any{
		"encrypted": true, "passwordProtected": true, "salt": box.Salt, "kdfType": box.KDFType.Value, "kdfIterations": box.KDFIterations.Value,
		"kdfMemory": box.KDFMemory.Value, "kdfParallelism": box.KDFParallelism.Value,
		"encKeyValidation_DO_NOT_EDIT": encString("any text"), "data": encString(vault),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var bitwardenBoxes = map[string]bitwardenBox{
	"PBKDF2":   {Salt: "q83vEjRWeJASNFZ4kBI0Vg==", KDFType: foreign.Int(bitwardenPBKDF2), KDFIterations: foreign.Int(10)},
	"Argon2id": {Salt: "salt", KDFType: foreign.Int(bitwardenArgon2id), KDFIterations: foreign.Int(1), KDFMemory: foreign.Int(1), KDFParallelism: foreign.Int(2)},
}

func TestBitwardenUnderPassword(t *testing.T) {
	for name, box := range bitwardenBoxes {
		t.Run(name, func(t *testing.T) {
			sealed := sealBitwarden(t, box, "pass", bitwardenVault)
			gives(t, sealed, "pass", "bitwarden", bitwardenEntries...)
			gives(t, zipped(t, "data.json", string(sealed)), "pass", "bitwarden", bitwardenEntries...)
			fails(t, sealed, "wrong", foreign.ErrPassword)
		})
	}
}

// The data are changed and the text that the password is tried on is not.
func TestBitwardenDamagedData(t *testing.T) {
	sealed := sealBitwarden(t, bitwardenBoxes["PBKDF2"], "pass", bitwardenVault)
	other := sealBitwarden(t, bitwardenBoxes["PBKDF2"], "other", bitwardenVault)
	var a, b map[string]any
	if err := errors.Join(json.Unmarshal(sealed, &a), json.Unmarshal(other, &b)); err != nil {
		t.Fatal(err)
	}
	a["data"] = b["data"]
	mixed, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	fails(t, mixed, "pass", foreign.ErrDamaged)
}

func TestBitwardenCosts(t *testing.T) {
	for figures, want := range map[string]error{
		`"kdfType":0,"kdfIterations":2000000000`:                                           foreign.ErrTooCostly,
		`"kdfType":0,"kdfIterations":0`:                                                    foreign.ErrDamaged,
		`"kdfType":0,"kdfIterations":"many"`:                                               foreign.ErrDamaged,
		`"kdfType":1,"kdfIterations":3,"kdfMemory":4096,"kdfParallelism":4`:                foreign.ErrTooCostly,
		`"kdfType":1,"kdfIterations":3,"kdfMemory":9223372036854775807,"kdfParallelism":4`: foreign.ErrTooCostly,
		`"kdfType":1,"kdfIterations":99999,"kdfMemory":64,"kdfParallelism":4`:              foreign.ErrTooCostly,
		`"kdfType":1,"kdfIterations":3,"kdfMemory":64,"kdfParallelism":0`:                  foreign.ErrDamaged,
		`"kdfType":7,"kdfIterations":3`:                                                    foreign.ErrNewer,
	} {
		fails(t, fmt.Appendf(nil, `{"encrypted":true,"passwordProtected":true,"salt":"c",%s,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","data":"2.a|b|c"}`, figures), "pass", want)
	}
}

func TestEncStringOfAnotherType(t *testing.T) {
	key := make([]byte, 32)
	for text, want := range map[string]error{
		"7.AAAA": foreign.ErrNewer, "0.AAAA|AAAA": foreign.ErrDamaged, "AAAA": foreign.ErrDamaged, "2.AAAA|AAAA": foreign.ErrDamaged, "2.!|!|!": foreign.ErrDamaged, "": foreign.ErrDamaged,
	} {
		if _, err := openEncString(key, text); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzBitwarden(f *testing.F) {
	seeds := [][]byte{[]byte(bitwardenVault), zipped(f, "data.json", bitwardenVault)}
	for _, box := range bitwardenBoxes {
		seeds = append(seeds, sealBitwarden(f, box, "pass", bitwardenVault))
	}
	fuzz(f, seeds, func(s *foreign.Source) bool {
		var box bitwardenBox
		_ = foreign.Decode(s.Data, &box)
		return box.KDFIterations.Value <= 10 && box.KDFMemory.Value <= 1
	}, bitwarden{})
}
