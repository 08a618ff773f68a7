// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// twoFASOf is a file of one service, with these fields of its otp.
func twoFASOf(name, otp string) string {
	return fmt.Sprintf(`{"services":[{"name":"%s","secret":"%s","otp":{%s}}],"schemaVersion":4}`, name, strings.ToLower(key1), otp)
}

const (
	twoFASServices = `[
 {"name":"Shop","secret":"` + key1 + `","updatedAt":1,"groupId":"G1","badge":{"color":"Pink"},"order":{"position":0},
  "otp":{"link":"otpauth://totp/Shop:ann?secret=` + key1 + `&issuer=Shop","account":"ann","issuer":"Shop","digits":8,"period":60,"algorithm":"SHA512","tokenType":"TOTP","source":"Link"}},
 {"name":"Bank","secret":"` + key1 + `","otp":{"counter":7,"tokenType":"HOTP","digits":null,"algorithm":null}},
 {"name":"Steam","secret":"` + key1 + `","otp":{"account":"cat","tokenType":"STEAM","digits":5,"period":30,"counter":0,"algorithm":"SHA1"}}]`
	twoFASGroups = `[{"id":"G1","name":"Work","isExpanded":true}]`
)

var twoFASWant = []string{
	"totp Shop|ann " + hex1 + ` SHA512 8 60s ["Work"]`,
	"hotp Bank| " + hex1 + " SHA1 6 #7",
	"steam Steam|cat " + hex1 + " SHA1 5 30s",
}

func TestTwoFAS(t *testing.T) {
	one := func(names string) []string { return []string{"totp " + names + " " + hex1 + " SHA1 6 30s"} }
	const link = `"link":"otpauth:\/\/totp\/Shop:ann?secret=[hidden]&issuer=Shop&digits=8&period=60&algorithm=SHA256"`
	check(t, TwoFAS, map[string]sample{
		"Android": {`{"services":` + twoFASServices + `,"groups":` + twoFASGroups + `,"updatedAt":1,"schemaVersion":4,"appOrigin":"android"}`, twoFASWant, nil},
		"iOS":     {`{"appOrigin":"ios","schemaVersion":4,"groups":` + twoFASGroups + `,"servicesEncrypted":null,"services":` + twoFASServices + `}`, twoFASWant, nil},
		"schema 1": {
			`{"schemaVersion":1,"services":[{"name":"Shop","secret":"` + key1 + `","type":"Unknown","otp":{"account":"ann","issuer":"Shop","label":"Shop:ann"}}]}`,
			one("Shop|ann"), nil,
		},
		"only a label":      {twoFASOf("x", `"label":"Shop:ann","issuer":"Shop"`), one("Shop|ann"), nil},
		"no issuer":         {twoFASOf("Shop", `"account":"ann","issuer":""`), one("Shop|ann"), nil},
		"issuer beats name": {twoFASOf("My shop", `"account":"ann","issuer":"Shop"`), one("Shop|ann"), nil},
		"edited beats link": {twoFASOf("Shop", `"link":"otpauth://totp/Shop:old?secret=A&issuer=Shop","account":"ann"`), one("Shop|ann"), nil},
		"emptied":           {twoFASOf("Shop", `"link":"otpauth://totp/Shop:old?secret=A&issuer=Shop","account":""`), one("Shop|"), nil},
		"only in the link":  {twoFASOf("", link), []string{"totp Shop|ann " + hex1 + " SHA256 8 60s remarks=" + fmt.Sprint([]foreign.Remark{foreign.FromLink})}, nil},
		"null beats nothing": {
			twoFASOf("", link+`,"account":null,"digits":null,"algorithm":null,"period":30,"tokenType":null`),
			[]string{"totp Shop|ann " + hex1 + " SHA256 8 30s remarks=" + fmt.Sprint([]foreign.Remark{foreign.FromLink})},
			nil,
		},
		"broken link":  {twoFASOf("Shop", `"link":"what","account":"ann"`), one("Shop|ann"), nil},
		"SHA384":       {twoFASOf("Shop", `"account":"ann","algorithm":"SHA384"`), []string{"Shop:ann: algorithm: " + errText(otpauth.ErrAlgorithm)}, nil},
		"odd digits":   {twoFASOf("Shop", `"account":"ann","digits":12`), []string{"Shop:ann: " + errText(otpauth.ErrDigits)}, nil},
		"unknown type": {twoFASOf("Shop", `"account":"ann","tokenType":"YANDEX"`), []string{"Shop:ann: a kind of code that is not supported: YANDEX"}, nil},
		"newer schema": {strings.Replace(twoFASOf("Shop", `"account":"ann"`), ":4}", ":5}", 1), one("Shop|ann"), nil},
		"newer, other": {`{"schemaVersion":6,"services":{"v":1}}`, nil, foreign.ErrNewer},
		"cut short":    {`{"services":` + twoFASServices[:len(twoFASServices)-20], []string{strings.Replace(twoFASWant[0], ` ["Work"]`, "", 1), twoFASWant[1]}, foreign.ErrCutShort},
	})
}

func sealTwoFAS(t testing.TB, pass, plain string) string {
	t.Helper()
	salt, iv := counted(256), counted(12)
	key := derived(t)(foreign.PBKDF2(t.Context(), sha256.New, []byte(pass), salt, twoFASRounds, keySize))
	return b64(sealGCM(t, key, iv, []byte(plain), nil)) + ":" + b64(salt) + ":" + b64(iv)
}

func twoFASSealedFile(services, reference string) []byte {
	return fmt.Appendf(nil, `{"services":[],"groups":%s,"schemaVersion":4,"appOrigin":"android","servicesEncrypted":"%s","reference":"%s"}`, twoFASGroups, services, reference)
}

func TestTwoFASSealed(t *testing.T) {
	services := sealTwoFAS(t, password, twoFASServices)
	checkSealed(t, TwoFAS, twoFASSealedFile(services, sealTwoFAS(t, password, "reference")), password, twoFASWant...)
	checkSealed(t, TwoFAS, twoFASSealedFile(services, ""), password, twoFASWant...)

	other := sealTwoFAS(t, "another", twoFASServices)
	if _, err := collect(t, TwoFAS, twoFASSealedFile(other, sealTwoFAS(t, password, "r")), password); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("opens the reference alone: %v", err)
	}
	for _, odd := range []string{"", "a:b", "AAAA:AAAA", "AAAA:&&&&:AAAA", "::"} {
		data := twoFASSealedFile(odd, "")
		_, lerr := TwoFAS.Lock(foreign.NewSource("", data))
		_, err := collect(t, TwoFAS, data, password)
		if err == nil || lerr == nil && odd != "::" {
			t.Errorf("%q: lock %v, read %v", odd, lerr, err)
		}
	}
}

func FuzzTwoFAS(f *testing.F) {
	fuzz(f, TwoFAS, `{"services":`+twoFASServices+`,"groups":`+twoFASGroups+`,"schemaVersion":4}`, twoFASOf("Shop", `"label":"Shop:ann"`),
		string(twoFASSealedFile("AAAA:AAAA:AAAA", "")))
}

func FuzzTwoFASLink(f *testing.F) {
	f.Add("otpauth://totp/Shop:ann?secret=[hidden]&issuer=Shop&digits=8")
	f.Add("otpauth://hotp/ann?counter=1&SECRET=A")
	f.Fuzz(func(t *testing.T, link string) {
		if k, ok := (twoFASOTP{Link: text(link)}).fromLink(); ok && k.Validate() != nil {
			t.Errorf("%v", k.Validate())
		}
	})
}
