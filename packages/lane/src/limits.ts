/** Every limit of the lane in one place. Sizes are bytes unless the name says otherwise. */
export const limits = {
  /** One picture from a camera, a push or a folder. */
  pictureBytesMax: 12 * 1024 * 1024,
  folderPicturesMax: 100_000,
  /** A sealed scene is at most this large a side; larger pictures are scaled down. */
  sceneSideMax: 1920,
  sceneQuality: 84,
  plateQuality: 92,
  /** Share of the plate's size kept around it in its crop. */
  plateMargin: 0.22,
  /** A sealed face is at most this large a side. */
  faceSideMax: 640,
  faceQuality: 90,
  /** People of one crossing whose faces are sealed, and people followed at once in one pass. */
  facesPerCrossingMax: 12,
  facesFollowedMax: 40,

  /** Frames waiting for the pipeline; a live source drops older ones, a push answers "busy". */
  framesWaitingMax: 2,
  pushesWaitingMax: 8,
  pushAnswerMsMax: 20_000,
  pushBodyMsMax: 10_000,

  /** Frigate: one event's message, vehicles remembered as taken, tries for a snapshot. */
  frigateEventBytesMax: 256 * 1024,
  frigateTakenKept: 500,
  frigateSnapshotTries: 4,

  mjpegHeaderMax: 8 * 1024,
  /** A camera or decoder that sends nothing for so long is given up and opened again. */
  cameraIdleMsMax: 10_000,
  cameraBackOff: { baseMs: 500, maxMs: 30_000 },
  ffmpegFrameSideMax: 4096,
  /** What is read of its complaints, to know their kind. */
  ffmpegWordsMax: 16 * 1024,
  /** A camera that is asked what it sends has so long. */
  probeMsMax: 30_000,

  /** Plates followed at once in one pass. */
  tracksMax: 4,
  /** Looks kept of one track: the first and the last ones. */
  looksPerTrackMax: 40,

  spoolBytesMax: 8 * 1024 * 1024 * 1024,
  spoolBundlesMax: 200_000,
  /** Beyond this share of the spool, new crossings are sealed without their scene. */
  spoolSceneShare: 0.8,
  /** Kept free for signed gaps. */
  spoolReserveBytes: 256 * 1024,
  /** While the spool stays full, a gap is signed at most this often. */
  gapIntervalMs: 600_000,
  /** Manifest, signature and lengths of a bundle, generously. */
  bundleOverheadBytes: 4096,
  /** With epochs for fewer days ahead the lane raises an alarm: the hub has been away for long. */
  epochDaysAheadMin: 3,

  /** On the lane's own page. */
  localPlatesMax: 12,
  localPictureSideMax: 1280,
  /** Verdicts given there: names and notes, a request, those that wait, a look whether a crossing is away. */
  statedNameLengthMin: 2,
  statedNameLengthMax: 80,
  verdictNoteLengthMax: 500,
  verdictBytesMax: 4096,
  verdictsWaitingMax: 10_000,
  verdictLookMs: 500,

  /** Of the gauge: frames are counted over this time, a plate is one for as long, and is shown so long. */
  gaugeFramesMs: 5_000,
  gaugeLooksMs: 5_000,
  gaugeLooksMax: 6,
  gaugePlateMs: 60_000,

  answerBytesMax: 256 * 1024,
  requestMsMax: 30_000,
  /** The slowest link on which a bundle must still arrive. */
  linkBytesPerSecondMin: 4_000,
  sendBackOff: { baseMs: 500, maxMs: 60_000 },
  retryAfterMsMax: 600_000,
  heartbeatMs: 7_000,
  /** After the hub said that other recipients are announced: it waits for the lane's word. */
  heartbeatSoonMs: 1_000,
  epochRefreshMs: 3_600_000,
  epochRetryBackOff: { baseMs: 1_000, maxMs: 300_000 },
  /** What was refused for its recipient has the lane ask for others at most this often, however much it was. */
  epochRefusedAskMs: 60_000,
  /** A day is closed so long after its end: what was captured before is sealed and in the spool. */
  dayCloseAfterMs: 600_000,
  dayCloseLookMs: 60_000,
  alarmsSentMax: 20,

  /** How often it asks whether it is in service, and draws a picture for its reader where it is not. */
  dutyLookMs: 10_000,

  /** How often the lane looks at its computer, and writes down that it did. */
  machineLookMs: 1_000,
  machineKeepMs: 60_000,
  machineRetryMs: 10_000,
  drivesMax: 4096,
  usbThingsMax: 4096,
  /** A wall clock that moved less against the steady one is being kept in time, not set. */
  clockStepMsMin: 2_000,
  /** Events that wait for the hub; what happens beyond is told when there is room. */
  eventsWaitingMax: 5_000,

  /** A hand-over page: mappings upon mappings of a drive, folders in the lane's own, its files. */
  attestHoldersDeep: 4,
  attestFoldersDeep: 8,
  attestFilesMax: 250_000,
  /** A small file of the lane's own: settings, states, epochs. */
  attestSmallFileMax: 512 * 1024,
  /** Of a file that does not belong, so much is looked through for pictures. */
  attestLookBytesMax: 64 * 1024 * 1024,
  attestPicturesTried: 16,
} as const
