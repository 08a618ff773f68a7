// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"bytes"
	"cmp"
	"encoding/base32"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	draft "github.com/skip2/go-qrcode"

	"github.com/kutano/authenticator/server/otp"
)

var update = flag.Bool("update", false, "write the pictures in docs/screenshots")

const pictures = "../docs/screenshots"

// shoot writes a picture of the whole page, where -update asks for pictures.
func (b *tab) shoot(name string) *tab {
	b.t.Helper()
	if !*update {
		return b
	}
	if b.has(keyPicture) {
		b.showSample()
		defer b.visit(b.path()) // the walk goes on with the key that it has
	}
	width := min(b.look.width, 900)
	b.size(width, 560)
	b.size(width, ask(b, chromedp.Evaluate[int64]("document.activeElement.blur(), document.documentElement.scrollHeight")))
	raw := ask(b, chromedp.CaptureScreenshot())
	b.size(b.look.width, b.look.height)
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, fewColours(img)); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictures, name+".png"), small.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
	return b
}

// keyPicture is the QR code of a key, in XPath.
const keyPicture = "//*[@class='qr']/img"

// sample is a key that nobody has: that of RFC 6238, appendix B.
var sample = []byte("12345678901234567890")

// showSample puts the sample where the page shows a key: no picture in the repository
// holds one that somebody could have. The code is drawn as SVG, as the page's policy
// takes no picture from a script.
func (b *tab) showSample() {
	b.t.Helper()
	detail := func(name string) string {
		return ask(b, chromedp.Evaluate[string](fmt.Sprintf("[...document.querySelectorAll('dt')].find(e => e.textContent === %q).nextElementSibling.textContent", name)))
	}
	code, err := draft.New(otp.KeyURI(detail("Issuer"), detail("Account"), sample), draft.Medium)
	if err != nil {
		b.t.Fatal(err)
	}
	var path strings.Builder
	bits := code.Bitmap()
	for y, row := range bits {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	drawn := ask(b, chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
		const img = document.querySelector(".qr img"), ns = "http://www.w3.org/2000/svg";
		const svg = document.createElementNS(ns, "svg"), path = document.createElementNS(ns, "path");
		const set = (e, all) => { for (const name in all) e.setAttribute(name, all[name]); };
		set(svg, { width: img.width, height: img.height, viewBox: "0 0 %[1]d %[1]d", "shape-rendering": "crispEdges" });
		set(path, { d: %[2]q, fill: "#000000" });
		svg.append(path);
		img.replaceWith(svg);
		document.getElementById("key").textContent = %[3]q;
		return document.querySelector(".qr svg path") !== null;
	})()`, len(bits), path.String(), otp.SecretText(sample))))
	if !drawn {
		b.t.Fatal("the sample was not drawn")
	}
}

// fewColours is a picture with a palette: a quarter of the size, and nobody sees it.
func fewColours(img image.Image) image.Image {
	count := map[color.NRGBA]int{}
	at := func(x, y int) color.NRGBA {
		return color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
	}
	r := img.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	used := slices.SortedFunc(maps.Keys(count), func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range used[:min(len(used), 96)] {
		palette = append(palette, c)
	}
	index := map[color.NRGBA]uint8{}
	out := image.NewPaletted(r, palette)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := at(x, y)
			i, known := index[c]
			if !known {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

// scan reads the QR code off the screen, as a phone would, and returns the key in it. // R35 R36
func (b *tab) scan() []byte {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS(".qr img")))
	img, err := png.Decode(bytes.NewReader(ask(b, chromedp.CaptureScreenshot())))
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := decode(img, gozxing.DecodeHintType_TRY_HARDER)
	if err != nil { // the library misses one code in fifty, and another one at another size
		r := ask(b, chromedp.Evaluate[struct{ X, Y, Width, Height float64 }]("document.querySelector('.qr img').getBoundingClientRect().toJSON()"))
		got, err = closer(img, image.Rect(int(math.Floor(r.X)), int(math.Floor(r.Y)), int(math.Ceil(r.X+r.Width)), int(math.Ceil(r.Y+r.Height))))
	}
	if err != nil {
		b.t.Fatalf("no QR code can be read on the screen: %v", err)
	}
	u, err := url.Parse(got.GetText())
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" {
		b.t.Fatal("the QR code holds no key for an authenticator app")
	}
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret"))
	if err != nil {
		b.t.Fatal(err)
	}
	if !strings.Contains(strings.ReplaceAll(b.text(), " ", ""), u.Query().Get("secret")) {
		b.t.Error("the key as text is another than in the picture")
	}
	return key
}

// closer looks at a part of the screen from several distances, as someone does who
// holds a phone.
func closer(img image.Image, part image.Rectangle) (got *gozxing.Result, err error) {
	const margin = 40
	for _, scale := range []int{1, 2, 3, 4} {
		own := image.NewNRGBA(image.Rect(0, 0, part.Dx()*scale+2*margin, part.Dy()*scale+2*margin))
		draw.Draw(own, own.Bounds(), image.White, image.Point{}, draw.Src)
		for y := range part.Dy() * scale {
			for x := range part.Dx() * scale {
				own.Set(margin+x, margin+y, img.At(part.Min.X+x/scale, part.Min.Y+y/scale))
			}
		}
		for _, how := range []gozxing.DecodeHintType{gozxing.DecodeHintType_TRY_HARDER, gozxing.DecodeHintType_PURE_BARCODE} {
			if got, err = decode(own, how); err == nil {
				return got, nil
			}
		}
	}
	return nil, err
}

func decode(img image.Image, how gozxing.DecodeHintType) (*gozxing.Result, error) {
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return nil, err
	}
	return qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{how: true})
}
