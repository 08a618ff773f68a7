// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package javaser reads a map of texts from what Java's ObjectOutputStream wrote.
//
// It makes no objects: of the whole stream only the keys and values of a java.util.HashMap
// come out that are texts. Arrays, enums, proxies and classes with a format of their own,
// which an Android app's preferences never hold, are refused.
//
// The stream may be hostile. Each step goes on in it, nesting and the number of a class's
// ancestors are bounded, and what is referred to is never followed.
//
// The format is described in chapter 6 of the specification of Java's object streams.
package javaser
