"""From a flat plate to the rectified crop the reader gets: optics, then sensor, then compression."""
import cv2
import numpy as np

CROP_W, CROP_H = 160, 48


def _project(rng, aspect, gentle):
    """Corner offsets (unit plate width, centred) of a plate seen at an angle."""
    k = 0.5 if gentle else 1.0
    yaw = np.clip(rng.normal(0, 18), -45, 45) * k
    pitch = np.clip(rng.normal(0, 11), -30, 30) * k
    roll = np.clip(rng.normal(0, 4.5), -15, 15) * k
    a, b, c = np.deg2rad((yaw, pitch, roll))
    x, y = 0.5, 0.5 / aspect
    pts = np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]])
    ry = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    rx = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    pts = pts @ (rz @ rx @ ry).T
    distance = rng.uniform(3, 15)
    flat = pts[:, :2] * distance / (distance + pts[:, 2:3])
    flat[:, 0] += flat[:, 1] * rng.normal(0, 0.03)  # rolling shutter shear
    return flat


def _surroundings(rng, h, w):
    """Bumper paint, shadow gaps and edges around the plate."""
    n = int(rng.integers(2, 5))
    small = rng.integers(0, 256, (n, n, 1)).astype(np.float32) * rng.uniform(0.2, 1)
    tint = rng.normal(0, 1, (1, 1, 3)) * (35 if rng.random() < 0.5 else 6)
    img = cv2.resize(np.clip(small + tint, 0, 255).astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR)
    for _ in range(int(rng.integers(0, 4))):
        a = (int(rng.integers(-9, w)), int(rng.integers(-9, h)))
        b = (int(rng.integers(0, w + 9)), int(a[1] + rng.normal(0, h * 0.1)))
        g = int(rng.integers(0, 256))
        cv2.line(img, a, b, (g, g, g), int(rng.integers(1, 8)), cv2.LINE_AA)
    return img


def _motion(rng, img, length):
    n = int(np.ceil(length)) | 1
    if n < 3:
        return img
    k = np.zeros((n, n), np.float32)
    t = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.2)
    d, c = np.array((np.cos(t), np.sin(t))) * length / 2, n // 2
    a, b = np.round((c - d) * 16).astype(int), np.round((c + d) * 16).astype(int)
    cv2.line(k, tuple(int(v) for v in a), tuple(int(v) for v in b), 1, 1, cv2.LINE_AA, 4)
    return cv2.filter2D(img, -1, k / max(k.sum(), 1e-6), borderType=cv2.BORDER_REPLICATE)


def _optics(rng, img, width, hard):
    """Defocus and motion in sensor pixels; narrow plates cannot stand as much."""
    room = width / 100 * hard
    if rng.random() < 0.7:
        s = abs(rng.normal(0, 0.9)) * min(1.6, room) + 0.25
        img = cv2.GaussianBlur(img, (0, 0), s)
    if rng.random() < 0.35:
        img = _motion(rng, img, rng.uniform(1, 5.5) * min(1.2, room))
    return img


def _sensor(rng, img, hard):
    f = img.astype(np.float32)
    h, w = f.shape[:2]
    if rng.random() < 0.35:  # shadow edge or lamp falloff
        g = rng.uniform(0.35, 1.0, (2, 2)).astype(np.float32)
        f *= cv2.resize(g, (w, h), interpolation=cv2.INTER_LINEAR)[..., None]
    if rng.random() < 0.12:
        a, b, y = rng.uniform(-0.2, 1.2) * w, rng.uniform(-0.2, 1.2) * w, rng.uniform(0, h)
        m = np.ones((h, w), np.float32)
        pts = np.array([[a, 0], [w * 2, 0], [w * 2, h], [b, h]]) if rng.random() < 0.5 else \
            np.array([[0, 0], [w, 0], [w, y], [0, y + rng.normal(0, 0.15) * h]])
        cv2.fillPoly(m, [np.round(pts).astype(np.int32)], float(rng.uniform(0.3, 0.75)))
        f *= cv2.blur(m, (3, 3))[..., None]
    infrared = rng.random() < 0.12
    if infrared:
        weights = rng.dirichlet((2, 2, 1)).astype(np.float32)
        f = cv2.merge([f @ weights] * 3)
        if rng.random() < 0.6:  # retro-reflective sheeting returns the lamp
            f = np.clip((f - 60) * rng.uniform(1.2, 2.2), 0, None)
    elif rng.random() < 0.6:
        f *= (1 + rng.normal(0, 0.13, (1, 1, 3))).astype(np.float32)
    if rng.random() < 0.15:
        grey = f.mean(2, keepdims=True)
        f = grey + (f - grey) * rng.uniform(0, 1.6)
    ev = np.clip(rng.normal(0, 1.1) * hard, -2.5, 1.15)
    f *= 2.0 ** ev
    if rng.random() < 0.25:  # haze or flare lifts the blacks
        f = f * rng.uniform(0.35, 0.9) + rng.uniform(10, 110)
    if rng.random() < 0.08:
        c = np.zeros((h, w), np.float32)
        cv2.circle(c, (int(rng.uniform(-0.1, 1.1) * w), int(rng.uniform(-0.3, 1.3) * h)), int(h * rng.uniform(0.1, 0.5)), 1, -1)
        f += cv2.blur(c, (int(w * 0.3) | 1, int(w * 0.3) | 1))[..., None] * rng.uniform(60, 400)
    if ev > 0.6 and rng.random() < 0.5:  # highlights spill over before they clip
        f = np.maximum(f, cv2.GaussianBlur(np.clip(f, 0, 420), (0, 0), 1.3))
    noise = abs(rng.normal(0, 9)) * hard + max(0, -ev) * 3 * hard
    if noise > 0.7:
        n = np.empty((h, w, 3), np.float32)
        if rng.random() < 0.5:
            one = np.empty((h, w), np.float32)
            cv2.randn(one, 0, noise)
            n = cv2.merge((one, one, one))
        else:
            cv2.randn(n, 0, noise)
        f += n
    if rng.random() < 0.3:  # automatic gain after the fact
        lo, hi = np.percentile(f[::3, ::3], (2, 98))
        f = (f - lo * rng.uniform(0, 1)) * (rng.uniform(170, 250) / max(30, hi - lo))
    if rng.random() < 0.3:
        g = rng.uniform(0.6, 1.6)
        f = 255 * (np.clip(f, 0, 255) / 255) ** g
    return np.clip(f, 0, 255).astype(np.uint8)


def _compression(rng, img, width, hard):
    if rng.random() < 0.3:
        s = rng.uniform(0.4, 1.5)
        img = cv2.addWeighted(img, 1 + s, cv2.GaussianBlur(img, (0, 0), rng.uniform(0.8, 1.6)), -s, 0)
    low = 15 if width > 80 else 28
    for _ in range(1 + (rng.random() < 0.5)):
        q = rng.uniform(low, 92) if hard > 0.7 else rng.uniform(50, 95)
        _, data = cv2.imencode(".jpg", img, (cv2.IMWRITE_JPEG_QUALITY, int(q)))
        img = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return img


def _seen_corners(rng, corners):
    """The four corners as a detector gives them: off by some percent, or only an upright box."""
    w, h = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
    size = np.array((w, h))
    if rng.random() < 0.5:
        lo, hi = corners.min(0), corners.max(0)
        box = np.array([[lo[0], lo[1]], [hi[0], lo[1]], [hi[0], hi[1]], [lo[0], hi[1]]])
    else:
        box = corners + rng.normal(0, rng.uniform(0.005, 0.035), (4, 2)) * size
    centre = box.mean(0)
    margin = 1 + 2 * np.clip(rng.normal(0.035, 0.05), -0.03, 0.14)
    stretch = 1 + np.clip(rng.normal(0, 0.05, 2), -0.08, 0.16)
    return centre + (box - centre) * margin * stretch + rng.normal(0, 0.022, 2) * size


def photograph(rng, plate, hard=1.0, size=(CROP_W, CROP_H)):
    """Reader's crop of `plate` (RGB uint8); `hard` scales the damage done (0..1)."""
    flat = plate.image
    h, w = flat.shape[:2]
    r = rng.random()
    width = np.exp(rng.uniform(np.log(45), np.log(130)) if r < 0.6 else rng.uniform(np.log(32), np.log(330)))
    if hard < 0.5:
        width = max(width, 60)
    damage = hard * rng.beta(2.2, 1.6)  # most pictures are fair, some are bad
    corners = _project(rng, w / h, rng.random() < 0.4) * width
    if w > 1.3 * width:  # shrink first: the warp itself does not average
        k = 1.15 * width / w
        flat = cv2.resize(flat, (max(8, int(w * k)), max(6, int(h * k))), interpolation=cv2.INTER_AREA)
        h, w = flat.shape[:2]
    span = np.ptp(corners, axis=0)
    pad = span * 0.22 + 6
    corners = corners - corners.min(0) + pad + rng.uniform(0, 8, 2)  # any phase to the 8 x 8 blocks
    pw, ph = (np.ceil(span + 2 * pad + 8)).astype(int)
    scene = _surroundings(rng, int(ph), int(pw))
    src = np.float32([[0, 0], [w, 0], [w, h], [0, h]]) - 0.5
    m = cv2.getPerspectiveTransform(src, corners.astype(np.float32))
    cv2.warpPerspective(flat, m, (int(pw), int(ph)), dst=scene, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    scene = _optics(rng, scene, width, damage)
    scene = _sensor(rng, scene, damage)
    scene = _compression(rng, scene, width, hard)
    seen = _seen_corners(rng, corners).astype(np.float32)
    dst = np.float32([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]]) - 0.5
    m = cv2.getPerspectiveTransform(seen, dst)
    return cv2.warpPerspective(scene, m, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
