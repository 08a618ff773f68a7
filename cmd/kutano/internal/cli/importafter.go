// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
)

// sayFiles tells which files were read, as what.
func (im *importing) sayFiles() {
	if !im.app.json {
		if im.others > 0 {
			im.app.say(words.N(im.others, "1 other file in the folder holds nothing that is known here.", "{n} other files in the folder hold nothing that is known here."))
		}
		return
	}
	if im.app.doc == nil {
		return // it went wrong before there was anything to show
	}
	list := make([]shownRead, 0, len(im.files))
	for _, f := range im.files {
		s := shownRead{File: sourceName(f.Name), Format: f.Format.ID, App: f.Format.App, Encrypted: f.Encrypted, Entries: f.To - f.From, Deleted: im.gone[f.Path]}
		if f.Err != nil {
			s.Reason = explain.Reason(im.worded(f))
		}
		list = append(list, s)
	}
	im.app.doc.Files = list
}
