// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin && !windows

package report

func systemVersion() Number { return Number{} }
