"""Putting drawn plates into a scene: wiping what was there, perspective, light, shadow and frame of the new one."""
import cv2
import numpy as np

from draw.plates import draw_plate


class PlateBank:
    """Drawn plates, used several times each while being replaced one by one: drawing is dearer than pasting."""

    def __init__(self, rng, size=400):
        self.rng, self.plates, self.size = rng, [], size
        self.blanks = []  # drawings without a text: grilles, badges, empty plate holders; they must not be found

    def take(self):
        if len(self.plates) < self.size or self.rng.random() < 0.12:
            plate = draw_plate(self.rng)
            while not plate.text:
                self.blanks = self.blanks[-60:] + [plate.image]
                plate = draw_plate(self.rng)
            image = plate.image if plate.image.shape[1] <= 320 else cv2.resize(
                plate.image, (320, max(8, round(plate.image.shape[0] * 320 / plate.image.shape[1]))), interpolation=cv2.INTER_AREA)
            self.plates.append(image) if len(self.plates) < self.size else self.plates.__setitem__(
                self.rng.integers(self.size), image)
            return image
        return self.plates[self.rng.integers(len(self.plates))]

    def take_blank(self):
        return self.blanks[self.rng.integers(len(self.blanks))] if self.blanks else None


def wipe(canvas, rng, box):
    """Paints a plate over with what is above and below it, so that its vehicle stays but the plate is gone."""
    height, width = canvas.shape[:2]
    x, y, w, h = box
    x0, x1 = int(max(0, x - 0.12 * w)), int(min(width, x + 1.12 * w + 1))
    y0, y1 = int(max(1, y - 0.35 * h)), int(min(height - 1, y + 1.35 * h + 1))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    above, below = canvas[y0 - 1, x0:x1].astype(np.float32), canvas[y1, x0:x1].astype(np.float32)
    ramp = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None, None]
    fill = above[None] * (1 - ramp) + below[None] * ramp
    fill = cv2.GaussianBlur(fill, (0, 0), max(0.6, 0.06 * w)) * rng.uniform(0.8, 1.1) + rng.normal(0, 2, fill.shape)
    mask = np.zeros(fill.shape[:2], np.float32)
    mask[1:-1, 1:-1] = 1
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, 0.06 * h))[..., None]
    canvas[y0:y1, x0:x1] = np.clip(canvas[y0:y1, x0:x1] * (1 - mask) + fill * mask, 0, 255).astype(np.uint8)


def quad_at(rng, cx, cy, width, ratio, strong):
    """Corners of a plate seen from some angle: yaw shortens and tapers it, roll turns it."""
    yaw, pitch = rng.normal(0, 0.38 if strong else 0.2), rng.normal(0, 0.2)
    roll = rng.normal(0, 0.1 if strong else 0.04)
    yaw, pitch = float(np.clip(yaw, -0.95, 0.95)), float(np.clip(pitch, -0.6, 0.6))
    hw, hh = width / 2, width / 2 / ratio
    points = np.array(((-hw, -hh, 0), (hw, -hh, 0), (hw, hh, 0), (-hw, hh, 0)))
    cos, sin = np.cos, np.sin
    about_y = np.array(((cos(yaw), 0, sin(yaw)), (0, 1, 0), (-sin(yaw), 0, cos(yaw))))
    about_x = np.array(((1, 0, 0), (0, cos(pitch), -sin(pitch)), (0, sin(pitch), cos(pitch))))
    about_z = np.array(((cos(roll), -sin(roll), 0), (sin(roll), cos(roll), 0), (0, 0, 1)))
    points = points @ (about_z @ about_x @ about_y).T
    depth = 1 + points[:, 2:] / (width * rng.uniform(4, 12))
    quad = points[:, :2] / depth
    quad[:, 1] += quad[:, 0] * rng.normal(0, 0.07 if strong else 0.03)  # shear of a plate mounted on a slanted side
    return (quad + (cx, cy)).astype(np.float32)


def grown(quad, sx, sy):
    across, down = (quad[1] + quad[2] - quad[0] - quad[3]) / 4, (quad[2] + quad[3] - quad[0] - quad[1]) / 4
    return quad + np.array([-1, 1, 1, -1])[:, None] * across * (sx - 1) + np.array([-1, -1, 1, 1])[:, None] * down * (sy - 1)


def paste(canvas, rng, plate, quad, low, high, softness):
    """Pastes a drawn plate with its shadow and frame; low and high are what black and white look like at that place."""
    height, width = canvas.shape[:2]
    span = float(max(np.linalg.norm(quad[1] - quad[0]), 8))
    surround = grown(quad, 1.35, 1.6)
    x0, y0 = np.maximum(np.floor(surround.min(0)).astype(int) - 3, 0)
    x1, y1 = np.minimum(np.ceil(surround.max(0)).astype(int) + 4, (width, height))
    if x1 - x0 < 4 or y1 - y0 < 4:
        return False
    area = canvas[y0:y1, x0:x1].astype(np.float32)
    size = (int(x1 - x0), int(y1 - y0))
    origin = np.array((x0, y0), np.float32)

    def cover(corners, blur):
        mask = np.zeros((size[1], size[0]), np.uint8)
        cv2.fillConvexPoly(mask, np.round((corners - origin - 0.5) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
        return (cv2.GaussianBlur(mask, (0, 0), max(0.3, blur)).astype(np.float32) / 255)[..., None]

    if rng.random() < 0.6:  # shadow of the plate, or of the recess around it
        mask = cover(grown(quad, rng.uniform(1.0, 1.3), rng.uniform(1.0, 1.5)) + (0, span * rng.uniform(-0.03, 0.05)), span * rng.uniform(0.01, 0.06))
        area = area * (1 - mask * rng.uniform(0.1, 0.6))
    if rng.random() < 0.5:  # dealer frame or rim: black, chrome, white or coloured
        tone = rng.choice((0.05, 0.1, 0.6, 0.9)) + rng.normal(0, 0.05, 3) * (rng.random() < 0.4)
        mask = cover(grown(quad, rng.uniform(1.02, 1.1), rng.uniform(1.04, 1.22)), softness)
        area = area * (1 - mask) + (low + (high - low) * np.clip(tone, 0, 1)) * mask
    ph, pw = plate.shape[:2]
    target = max(8, int(span * 1.4))
    if pw > target:
        plate = cv2.resize(plate, (target, max(4, round(ph * target / pw))), interpolation=cv2.INTER_AREA)
        ph, pw = plate.shape[:2]
    matrix = cv2.getPerspectiveTransform(np.array(((0, 0), (pw, 0), (pw, ph), (0, ph)), np.float32), (quad - origin).astype(np.float32))
    shift = np.array(((1, 0, -0.5), (0, 1, -0.5), (0, 0, 1)))  # corners are edges of pixels, OpenCV counts their middles
    drawn = cv2.warpPerspective(plate, shift @ matrix @ np.linalg.inv(shift), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32) / 255
    tone = low + (high - low) * drawn ** rng.uniform(0.7, 1.3)
    slope = np.linspace(-1, 1, size[1])[:, None, None] * rng.uniform(-0.2, 0.2) + np.linspace(-1, 1, size[0])[None, :, None] * rng.uniform(-0.15, 0.15)
    tone = cv2.GaussianBlur((tone * (1 + slope)).astype(np.float32), (0, 0), max(0.3, softness))
    mask = cover(quad, softness)
    canvas[y0:y1, x0:x1] = np.clip(area * (1 - mask) + tone * mask, 0, 255).astype(np.uint8)
    return True


def tones_of(patch, rng, plate_like):
    """What black and white would look like in this light, per channel."""
    pixels = patch.reshape(-1, 3).astype(np.float32)
    if plate_like and len(pixels) > 20:
        low, high = np.percentile(pixels, 8, axis=0), np.percentile(pixels, 92, axis=0)
        return low * rng.uniform(0.6, 1.0), np.clip(high * rng.uniform(0.8, 1.3) + rng.uniform(0, 20), low + 25, 255)
    mean = pixels.mean(0) if len(pixels) else np.full(3, 90.0)
    high = np.clip(mean * rng.uniform(1.0, 2.4) + rng.uniform(20, 90), 50, 255)
    return high * rng.uniform(0.02, 0.3), high
