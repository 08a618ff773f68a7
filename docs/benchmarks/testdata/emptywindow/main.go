// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command emptywindow opens a Fyne window with nothing in it, to compare with.
//
// With the argument "ticking" it holds a line of text that changes each second,
// which is the least that a window with a clock in it can cost.
//
// When its content is painted for the first time it writes a line to the file
// that KUTANO_TRACE_START names, as the app does with its first code.
package main

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

func main() {
	w := app.NewWithID("com.github.kutano.authenticator.empty").NewWindow("empty")
	var once sync.Once
	// Fyne asks for these pixels while it paints the frame that they are in;
	// what is queued meanwhile runs when that frame is on the screen.
	empty := canvas.NewRaster(func(width, height int) image.Image {
		once.Do(func() { go fyne.Do(trace) })
		return image.NewGray(image.Rect(0, 0, width, height))
	})
	w.SetContent(empty)
	w.Resize(fyne.NewSize(480, 640))
	if len(os.Args) > 1 && os.Args[1] == "ticking" {
		w.Resize(fyne.NewSize(860, 640)) // as large as the app
		line := canvas.NewText("00:00:00", color.White)
		w.SetContent(container.NewStack(empty, line))
		go tick(line)
	}
	w.ShowAndRun()
}

func tick(line *canvas.Text) {
	for now := range time.Tick(time.Second) {
		fyne.Do(func() {
			line.Text = now.Format(time.TimeOnly)
			line.Refresh()
		})
	}
}

func trace() {
	name := os.Getenv("KUTANO_TRACE_START")
	if name == "" {
		return
	}
	line := fmt.Appendf(nil, `{"event":"first_paint","unix_ms":%.3f}`+"\n", float64(time.Now().UnixMicro())/1000)
	if err := os.WriteFile(name, line, 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
