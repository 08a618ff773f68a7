// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const lastPassJSON = `{"deviceId":"","localDeviceId":"d","deviceName":"phone","version":3,"accounts":[
 {"accountID":"a","issuerName":"Shop","originalIssuerName":"shop.example","userName":"ann","originalUserName":"x","secret":"` + key1 + `","timeStep":60,"digits":8,"isFavorite":true,"algorithm":"SHA256","folderData":{"folderId":2,"position":0}},
 {"accountID":null,"lmiUserId":null,"issuerName":"","userName":"bob","originalUserName":null,"secret":"` + key1 + `","timeStep":30,"digits":6,"isFavorite":false,"algorithm":"SHA1","folderData":{"folderId":null}},
 {"accountID":null,"issuerName":"Bank","userName":"","originalUserName":"old","secret":"` + key1 + `","folderData":null},
 {"issuerName":"LastPass","userName":"cat","pushNotification":true,"secret":"","folderData":{"folderId":0}}],
 "folders":[{"id":1,"name":"First","isOpened":true},{"id":0,"name":"Other accounts"},{"id":2,"name":"Work"},{"id":null,"name":"x"}]}`

func TestLastPass(t *testing.T) {
	want := []string{
		"totp Shop|ann " + hex1 + ` SHA256 8 60s ["Work"] favourite`, "totp |bob " + hex1 + " SHA1 6 30s", "totp Bank| " + hex1 + " SHA1 6 30s",
		"LastPass:cat: secret: " + errText(otpauth.ErrNoSecret),
	}
	check(t, LastPass, map[string]sample{
		"accounts":  {lastPassJSON, want, nil},
		"pretty":    {strings.ReplaceAll(lastPassJSON, ",", ",\r\n"), want, nil},
		"newer":     {strings.Replace(lastPassJSON, `"version":3`, `"version":4`, 1), want, nil},
		"none":      {`{"localDeviceId":"d","version":3,"accounts":[],"folders":[]}`, nil, nil},
		"cut short": {lastPassJSON[:strings.Index(lastPassJSON, `"old"`)], []string{strings.Replace(want[0], ` ["Work"]`, "", 1), want[1]}, foreign.ErrCutShort},
	})
}

func FuzzLastPass(f *testing.F) { fuzz(f, LastPass, lastPassJSON) }
