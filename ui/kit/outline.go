// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Fyne draws the strokes of an SVG as wide as they are in the file, however
// large the picture gets: on a fine screen thin lines become hairlines. Fills
// grow with the picture, and Fyne recolours only them. So the drawings, which
// are lines, are turned into the outlines of these lines here.

// drawing is what our drawings consist of: see the test of package assets.
type drawing struct {
	Width float64 `xml:"stroke-width,attr"`
	Paths []struct {
		D     string  `xml:"d,attr"`
		Width float64 `xml:"stroke-width,attr"`
	} `xml:"path"`
	Circles []struct {
		CX float64 `xml:"cx,attr"`
		CY float64 `xml:"cy,attr"`
		R  float64 `xml:"r,attr"`
	} `xml:"circle"`
	Rects []struct {
		X  float64 `xml:"x,attr"`
		Y  float64 `xml:"y,attr"`
		W  float64 `xml:"width,attr"`
		H  float64 `xml:"height,attr"`
		RX float64 `xml:"rx,attr"`
	} `xml:"rect"`
}

// outline returns a drawing of lines as an SVG of fills in currentColor.
func outline(svg []byte) ([]byte, error) {
	var d drawing
	if err := xml.Unmarshal(svg, &d); err != nil {
		return nil, fmt.Errorf("outline a drawing: %w", err)
	}
	var out pen
	for _, c := range d.Circles {
		out.hollow(func(grow float64) []point { return ellipse(c.CX, c.CY, c.R+grow) }, d.Width/2)
	}
	for _, r := range d.Rects {
		out.hollow(func(grow float64) []point {
			return rounded(r.X-grow, r.Y-grow, r.W+2*grow, r.H+2*grow, max(0, r.RX+grow))
		}, d.Width/2)
	}
	for _, p := range d.Paths {
		width := p.Width
		if width == 0 {
			width = d.Width
		}
		if err := out.path(p.D, width/2); err != nil {
			return nil, fmt.Errorf("outline a drawing: %w", err)
		}
	}
	const head = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><path fill="currentColor" d="`
	return []byte(head + out.d.String() + `"/></svg>`), nil
}

type point struct{ x, y float64 }

func (p point) plus(q point, times float64) point { return point{p.x + q.x*times, p.y + q.y*times} }

// pen collects closed shapes. All turn the same way, so that where they
// overlap they add up instead of cutting each other out.
type pen struct{ d strings.Builder }

func (p *pen) shape(points []point, turn float64) {
	area := 0.0
	for i, a := range points {
		b := points[(i+1)%len(points)]
		area += a.x*b.y - b.x*a.y
	}
	for i := range points {
		at := points[i]
		if area*turn < 0 {
			at = points[len(points)-1-i]
		}
		letter := byte('L')
		if i == 0 {
			letter = 'M'
		}
		p.d.WriteByte(letter)
		p.d.WriteString(strconv.FormatFloat(at.x, 'f', 3, 64))
		p.d.WriteByte(' ')
		p.d.WriteString(strconv.FormatFloat(at.y, 'f', 3, 64))
	}
	p.d.WriteByte('Z')
}

// hollow draws the outline of a closed shape: its outer edge, and its inner
// edge turning the other way.
func (p *pen) hollow(edge func(grow float64) []point, half float64) {
	p.shape(edge(half), 1)
	p.shape(edge(-half), -1)
}

// path draws the lines and curves of a path, each with round ends. It knows
// the commands that our drawings use: M, L, H, V, C and Z, all absolute.
func (p *pen) path(d string, half float64) error {
	var start, at point
	s := scanner{rest: d}
	for {
		command := s.command()
		if command == 0 {
			return s.err
		}
		from := at
		switch command {
		case 'M':
			at = s.point()
			start = at
			continue
		case 'L':
			at = s.point()
		case 'H':
			at.x = s.number()
		case 'V':
			at.y = s.number()
		case 'C':
			a, b := s.point(), s.point()
			at = s.point()
			p.ribbon(curve(from, a, b, at), half)
			continue
		case 'Z':
			at = start
		default:
			return fmt.Errorf("unknown command %q in a path", command)
		}
		p.ribbon([]point{from, at}, half)
	}
}

// ribbon draws a line along points with round ends.
func (p *pen) ribbon(along []point, half float64) {
	n := len(along)
	shape := make([]point, 0, 2*n+2*capSteps)
	for i := range along {
		shape = append(shape, along[i].plus(normal(along, i), half))
	}
	shape = append(shape, roundEnd(along[n-1], normal(along, n-1), half)...)
	for i := n - 1; i >= 0; i-- {
		shape = append(shape, along[i].plus(normal(along, i), -half))
	}
	first := normal(along, 0)
	shape = append(shape, roundEnd(along[0], point{-first.x, -first.y}, half)...)
	p.shape(shape, 1)
}

// normal is the direction to the left of the way at a point.
func normal(along []point, i int) point {
	a, b := along[max(i-1, 0)], along[min(i+1, len(along)-1)]
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return point{0, -1}
	}
	return point{(b.y - a.y) / length, -(b.x - a.x) / length}
}

const (
	capSteps   = 12
	turnSteps  = 72
	curveSteps = 16
)

// roundEnd is half a circle from the direction of n around the end of the way.
func roundEnd(centre, n point, r float64) []point {
	var points []point
	for i := 1; i < capSteps; i++ {
		sin, cos := math.Sincos(math.Pi * float64(i) / capSteps)
		points = append(points, point{centre.x + r*(n.x*cos-n.y*sin), centre.y + r*(n.x*sin+n.y*cos)})
	}
	return points
}

// curve is a cubic Bézier curve as points.
func curve(a, b, c, d point) []point {
	points := make([]point, 0, curveSteps+1)
	for i := 0; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		at := point{}.plus(a, u*u*u).plus(b, 3*u*u*t).plus(c, 3*u*t*t).plus(d, t*t*t)
		points = append(points, at)
	}
	return points
}

func ellipse(cx, cy, r float64) []point {
	points := make([]point, turnSteps)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / turnSteps)
		points[i] = point{cx + r*cos, cy + r*sin}
	}
	return points
}

// rounded is a rectangle whose corners have a radius.
func rounded(x, y, w, h, r float64) []point {
	var points []point
	corners := []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}}
	for quarter, c := range corners {
		for i := 0; i <= capSteps; i++ {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(quarter) + float64(i)/capSteps))
			points = append(points, point{c.x + r*cos, c.y + r*sin})
		}
	}
	return points
}

// scanner reads the commands and numbers of a path.
type scanner struct {
	rest string
	last byte
	err  error
}

// command returns the next command; without a letter the last one goes on. It
// returns 0 at the end and after an error.
func (s *scanner) command() byte {
	s.rest = strings.TrimLeft(s.rest, " ,\n")
	if s.rest == "" || s.err != nil {
		return 0
	}
	if c := s.rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		s.last, s.rest = c, s.rest[1:]
		return c
	}
	switch s.last {
	case 'M':
		s.last = 'L'
	case 'Z', 0:
		s.err = errors.New("a number without a command in a path")
		return 0
	}
	return s.last
}

func (s *scanner) point() point {
	x := s.number()
	return point{x, s.number()}
}

func (s *scanner) number() float64 {
	s.rest = strings.TrimLeft(s.rest, " ,\n")
	end := strings.IndexFunc(s.rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' })
	if end < 0 {
		end = len(s.rest)
	}
	n, err := strconv.ParseFloat(s.rest[:end], 64)
	if err != nil && s.err == nil {
		s.err = errors.New("a number is missing in a path")
	}
	s.rest = s.rest[end:]
	return n
}
