// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

// phrases are the check phrases that callers read out, by what they say. They are as the
// companion makes them, in English; a test of its module holds that each says what its
// scenario means.
var phrases = map[string]string{
	"clock-slow":   "cinema snow emerald stool magnet sketch",
	"clock-set":    "cherry ginger emerald rainbow magnet pretzel",
	"text-message": "camping ginger sausage caramel magnet olive",
	"app-empty":    "cherry hydrant airport bubble magnet paprika",
	"all-is-well":  "cherry ginger family picnic magnet arena",
}
