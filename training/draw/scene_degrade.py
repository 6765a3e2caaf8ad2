"""What a camera does to a scene: optics, light, sensor and compression, in that order."""
import cv2
import numpy as np


def motion_kernel(rng, length):
    size = int(length) | 1
    kernel = np.zeros((size, size), np.float32)
    angle = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.15)
    reach = np.array((np.cos(angle), np.sin(angle))) * (size - 1) / 2
    middle = np.array((size // 2, size // 2))
    cv2.line(kernel, tuple(int(v) for v in np.round(middle - reach)), tuple(int(v) for v in np.round(middle + reach)), 1.0)
    return kernel / kernel.sum()


def compressed(image, rng, low):
    _, data = cv2.imencode(".jpg", image[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(low, 96))))
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def dim(image, rng):
    """Dusk or a sun behind the vehicle: little light on what faces the camera, bright parts stay."""
    work = image.astype(np.float32) / 255
    bright = cv2.GaussianBlur(work.mean(2), (0, 0), 9)[..., None]
    share = rng.uniform(0.08, 0.4)
    return np.clip(255 * work * (share + (1 - share) * np.clip(bright * rng.uniform(0.4, 1.2), 0, 1) ** 2), 0, 255).astype(np.uint8)


def degrade(image, rng):
    if rng.random() < 0.35:  # a good camera in good light
        return compressed(image, rng, 60)
    work = image.astype(np.float32)
    if rng.random() < 0.3:
        work = cv2.GaussianBlur(work, (0, 0), rng.uniform(0.4, 1.3))
    if rng.random() < 0.12:
        work = cv2.filter2D(work, -1, motion_kernel(rng, rng.uniform(3, 6)))
    if rng.random() < 0.15:  # sharpened by the camera, with halos
        work += (work - cv2.GaussianBlur(work, (0, 0), 1.2)) * rng.uniform(0.3, 1.2)
    if rng.random() < 0.06:  # glare: bright parts bloom
        work += cv2.GaussianBlur(np.maximum(work - 200, 0), (0, 0), rng.uniform(3, 12)) * rng.uniform(1, 4)
    if rng.random() < 0.1:  # haze or a lifted black level
        work = work * rng.uniform(0.5, 0.9) + rng.uniform(20, 90)
    mood = rng.random()
    if mood < 0.12:  # grey or infrared
        weights = rng.dirichlet((2, 3, 2)).astype(np.float32)
        work = np.repeat((work @ weights)[..., None], 3, axis=2) * rng.uniform(0.6, 1.3)
    elif mood < 0.6:
        work *= rng.uniform(0.85, 1.15, 3).astype(np.float32)
    work *= np.float32(2.0 ** np.clip(rng.normal(0.05, 0.4), -1.6, 1.0))
    if rng.random() < 0.4:
        middle = rng.uniform(70, 160)
        work = (work - middle) * rng.uniform(0.7, 1.4) + middle
    if rng.random() < 0.6:
        grain = rng.uniform(1, 9) if rng.random() < 0.8 else rng.uniform(8, 18)
        shape = work.shape if rng.random() < 0.5 else (*work.shape[:2], 1)
        work += rng.standard_normal(shape, dtype=np.float32) * grain
    out = np.clip(work, 0, 255).astype(np.uint8)
    return compressed(out, rng, 25) if rng.random() < 0.7 else out
