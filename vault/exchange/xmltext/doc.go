// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package xmltext reads XML of any length that somebody else made, token by token.
//
// The text may be hostile. Nothing outside it is ever looked at: a document type
// that names entities ends it. So does what is too deep, a text that is too long,
// and a tag that is: of a tag of some megabytes, all of it attributes, the decoder
// would make some gigabytes.
package xmltext
