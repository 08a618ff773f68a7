// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets"
)

// pictureSize is the size of all pictures.
var pictureSize = fyne.NewSize(240, 150)

// ink is what a shape of a picture is drawn with. The classes of an element say it.
type ink string

const (
	inkLine   ink = ""       // a line in the quiet colour of text
	inkAccent ink = "accent" // a line in the accent colour
	inkSoft   ink = "soft"   // a ground in the soft accent colour
	inkCard   ink = "card"   // a ground in the colour of cards
)

func (i ink) color() fyne.ThemeColorName {
	switch i {
	case inkAccent:
		return theme.ColorNamePrimary
	case inkSoft:
		return ColorCalmSoft
	case inkCard:
		return ColorCard
	}
	return theme.ColorNamePlaceHolder
}

// shape is a part of a picture in one ink.
type shape struct {
	ink ink
	d   string // of a path
}

var shapes sync.Map // of names to []shape

// Picture is one of our drawings, in the colours of the theme. It says nothing
// that the words beside it do not say, so screen readers pass it by.
type Picture struct {
	widget.BaseWidget
	name  string
	image *canvas.Image
}

// NewPicture returns a drawing by its name; one that is not there stays empty.
func NewPicture(name string) *Picture {
	p := &Picture{name: name}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is called by Fyne.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	p.image = canvas.NewImageFromResource(p.resource())
	p.image.FillMode = canvas.ImageFillContain
	p.image.SetMinSize(pictureSize)
	return widget.NewSimpleRenderer(p.image)
}

// Refresh takes the colours of the theme anew.
func (p *Picture) Refresh() {
	if p.image != nil {
		if r := p.resource(); r.Name() != p.image.Resource.Name() {
			p.image.Resource = r
			p.image.Refresh()
		}
	}
	p.BaseWidget.Refresh()
}

// resource is the drawing in the colours of this moment. They are in its name,
// because Fyne keeps drawn pictures by name.
func (p *Picture) resource() fyne.Resource {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="150" viewBox="0 0 240 150">`
	var b strings.Builder
	b.WriteString(head)
	for _, s := range shapesOf(p.name) {
		fmt.Fprintf(&b, `<path fill="%s" d="%s"/>`, hex(Color(s.ink.color())), s.d)
	}
	b.WriteString("</svg>")
	name := "picture-" + p.name + hex(Color(inkAccent.color())) + hex(Color(inkCard.color())) + ".svg"
	return fyne.NewStaticResource(name, []byte(b.String()))
}

// shapesOf returns the parts of a drawing, worked out at its first use.
func shapesOf(name string) []shape {
	if s, ok := shapes.Load(name); ok {
		return s.([]shape)
	}
	s, err := parsePicture(assets.Picture(name))
	if err != nil {
		s = nil // a test holds that this never happens
	}
	shapes.Store(name, s)
	return s
}

// parsePicture turns the lines of a drawing into outlines, as [outline] does, and
// keeps its grounds, in the order in which they lie over each other.
func parsePicture(svg []byte) ([]shape, error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	var all []shape
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read a picture: %w", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local == "svg" {
			continue
		}
		drawn, err := drawElement(e)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn...)
	}
}

const pictureLine = 2 // width of the lines

// drawElement returns the ground and the line of one element.
func drawElement(e xml.StartElement) ([]shape, error) {
	a := attributes(e)
	line := inkLine
	var drawn []shape
	for class := range strings.FieldsSeq(a["class"]) {
		if ink(class) == inkAccent {
			line = inkAccent
			continue
		}
		var ground pen
		if err := ground.element(e.Name.Local, a, 0); err != nil {
			return nil, err
		}
		drawn = append(drawn, shape{ink(class), ground.d.String()})
	}
	if a["class"] == string(inkSoft) {
		return drawn, nil // a ground without a line
	}
	var p pen
	if err := p.element(e.Name.Local, a, pictureLine/2.0); err != nil {
		return nil, err
	}
	return append(drawn, shape{line, p.d.String()}), nil
}

// element draws the line of an element, or with half 0 its ground.
func (p *pen) element(kind string, a map[string]string, half float64) error {
	n := func(name string) float64 {
		f, _ := strconv.ParseFloat(a[name], 64) // what is missing is 0, as in SVG
		return f
	}
	var edge func(grow float64) []point
	switch kind {
	case "circle":
		edge = func(grow float64) []point { return ellipse(n("cx"), n("cy"), n("r")+grow) }
	case "rect":
		edge = func(grow float64) []point {
			return rounded(n("x")-grow, n("y")-grow, n("width")+2*grow, n("height")+2*grow, max(0, n("rx")+grow))
		}
	case "path":
		if half == 0 {
			return p.ground(a["d"])
		}
		return p.path(a["d"], half)
	default:
		return fmt.Errorf("a picture has a %s", kind)
	}
	if half == 0 {
		p.shape(edge(0), 1)
		return nil
	}
	p.hollow(edge, half)
	return nil
}

// ground fills a path that is closed and has one part.
func (p *pen) ground(d string) error {
	s := scanner{rest: d}
	var points []point
	for {
		switch command := s.command(); command {
		case 0, 'Z':
			p.shape(points, 1)
			return s.err
		case 'M', 'L':
			points = append(points, s.point())
		case 'H':
			points = append(points, point{s.number(), points[len(points)-1].y})
		case 'V':
			points = append(points, point{points[len(points)-1].x, s.number()})
		case 'C':
			b, c := s.point(), s.point()
			points = append(points, curve(points[len(points)-1], b, c, s.point())[1:]...)
		default:
			return fmt.Errorf("unknown command %q in a path", command)
		}
	}
}

func attributes(e xml.StartElement) map[string]string {
	a := make(map[string]string, len(e.Attr))
	for _, at := range e.Attr {
		a[at.Name.Local] = at.Value
	}
	return a
}
