// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package scan reads QR codes from pictures and screens, and draws them.
//
// [Load] and [LoadFile] read a picture within limits, [Screen] takes one of
// each monitor, [Decode] returns every text that QR codes in a picture hold,
// [Draw] and [Terminal] make codes. What a text means is for others: nothing
// here knows what a key URI is.
//
// Pictures come from strangers. Sizes are checked before anything is decoded,
// the decoders run behind recover, and every call ends when its context does.
// Nothing read here is ever logged, put into an error or written to a file.
package scan
