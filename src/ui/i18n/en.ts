import type { ErrorCode } from '../../core/errors.js';

/** Every error has words: a code without them does not compile. */
type ErrorWords = Readonly<Record<ErrorCode, { readonly title: string; readonly advice: string }>>;

const errors = {
  EMPTY_FILE: { title: 'This file is empty', advice: 'It holds no bytes. Export or copy the film again and drop that file.' },
  NOT_A_FILM: {
    title: 'This is not an image that can be read',
    advice: 'Its first bytes are neither PNG, JPEG nor WebP, whatever its name says. Export the film in one of these formats.',
  },
  DICOM_NOT_YET: {
    title: 'DICOM files cannot be read yet',
    advice: 'Export the film from your viewer as PNG (16 bit if offered) or JPEG, without annotations, and drop that.',
  },
  TRUNCATED: {
    title: 'This file is cut off',
    advice: 'Its end is missing, and part of a film is never scored. Copy or download it again.',
  },
  CORRUPT: { title: 'This file is damaged', advice: 'Its contents contradict themselves. Export the film again.' },
  TOO_LARGE: {
    title: 'This film is too large',
    advice:
      'It has more pixels or bytes than can be read safely here. Export it at a smaller size; the model looks at a small copy anyway.',
  },
  TOO_SMALL: { title: 'This image is too small to be a film', advice: 'Drop the film itself, not a thumbnail of it.' },
  BAD_SHAPE: {
    title: 'This image has not the shape of a chest film',
    advice: 'It is many times longer than wide. Crop it to the film and try again.',
  },
  CMYK: { title: 'This JPEG is in print colours (CMYK)', advice: 'Save it in grey or RGB and try again.' },
  ANIMATED: { title: 'This image is animated', advice: 'A film is one picture. Save the frame that you mean and drop that.' },
  FILE_VANISHED: {
    title: 'The file vanished while it was being read',
    advice: 'It was moved, changed or its drive was unplugged. Put it back and open it again.',
  },
  PACK_NOT_FOUND: {
    title: 'The model was not found',
    advice: 'The server that gave this page does not have the model’s files. Tell whoever runs it.',
  },
  PACK_INVALID: {
    title: 'The model’s description is wrong',
    advice: 'The model is not used. Load the page again, or ask for a new copy of the model.',
  },
  PACK_HASH: {
    title: 'The model’s files are not what they should be',
    advice: 'Their checksums differ, so they are not used. Load the page again to fetch them anew.',
  },
  PACK_TOO_NEW: { title: 'The model is newer than this page', advice: 'Load the page again to get its newest version.' },
  DOWNLOAD_FAILED: {
    title: 'The model could not be fetched',
    advice: 'Check the connection and try again; what has arrived is kept.',
  },
  CHECKPOINT_INVALID: { title: 'This checkpoint cannot be read', advice: 'It is damaged or not a checkpoint.' },
  CHECKPOINT_UNSUPPORTED: {
    title: 'This kind of checkpoint is not supported',
    advice: 'Only CLIP models with vision transformers can be read.',
  },
  CHECKPOINT_MISSING_KEY: { title: 'This checkpoint lacks a part', advice: 'A tensor that the model needs is missing.' },
  CHECKPOINT_FORBIDDEN: {
    title: 'This checkpoint asks to run code',
    advice: 'It was not opened. Use a file from a source that you trust, or safetensors.',
  },
  CLASSES_UNKNOWN: { title: 'The class words are not known', advice: 'The checkpoint does not tell them: type them in.' },
  BACKBONE_NEEDED: {
    title: 'These are prompts alone',
    advice: 'Import the CLIP that they were learned with first, with its text tower.',
  },
  BACKBONE_MISMATCH: { title: 'The prompts belong to another model', advice: 'Choose the CLIP that they were learned with.' },
  TEXT_TOO_LONG: { title: 'The prompt is too long', advice: 'Shorten its words; it is never cut.' },
  LINK_DAMAGED: {
    title: 'This link was changed on its way',
    advice: 'Its checksum does not fit, so no number of it is shown. Copy the whole link again, or ask the sender for a new one.',
  },
  LINK_INVALID: {
    title: 'This link contradicts itself',
    advice: 'No page of ours makes such a link, so no number of it is shown. Do not trust it; ask the sender for a new one.',
  },
  LINK_TOO_NEW: { title: 'This link is newer than this page', advice: 'Load the page again to get its newest version.' },
  RESULT_INVALID: {
    title: 'This is not a result that a link can carry',
    advice: 'Read the film again and share that result.',
  },
  BACKEND_UNAVAILABLE: {
    title: 'The model cannot run in this browser',
    advice: 'No way of computing works here. A current Chromium, Firefox or Safari with WebAssembly is needed.',
  },
  BACKEND_WRONG: {
    title: 'This machine computes wrong numbers',
    advice: 'The model’s own check film did not give the known result, so no film is scored. Choose another backend.',
  },
  OUT_OF_MEMORY: {
    title: 'The memory does not suffice',
    advice: 'Close other pages or programs, or use a smaller film, and try again.',
  },
  DEVICE_LOST: { title: 'The graphics processor went away', advice: 'Try again, or choose a WASM backend.' },
  WORKER_LOST: {
    title: 'The computing part of the page was ended',
    advice: 'It has been started again. Try this film once more.',
  },
  ABORTED: { title: 'Stopped', advice: 'Open the film again whenever you like.' },
  USAGE: { title: 'The page asked for something impossible', advice: 'This is a fault of the page. Load it again.' },
  INTERNAL: {
    title: 'Something went wrong in the page',
    advice: 'This is a fault of the page, not of your film. Try again, or load the page again.',
  },
} satisfies ErrorWords;

export const en = {
  app: {
    name: 'Position reader',
    skip: 'Skip to the film',
    disclaimer:
      'For research. Not a medical device: it tells where a film deviates from what this model learned, not what the patient has.',
    language: '中文',
    theme: { label: 'Theme: {{theme}}', system: 'as the system', light: 'light', dark: 'dark' },
    home: 'Start page',
    close: 'Close',
    help: 'How to read this',
  },
  intake: {
    title: 'Drop a chest X-ray here',
    formats: 'One frontal film as PNG, JPEG or WebP',
    choose: 'Choose a file…',
    open: 'Open…',
    paste: 'or paste an image with',
    overlay: 'Drop to read this film',
    samples: 'No film at hand? Try one that we drew:',
    clear: 'Clear',
    opacity: 'With an opacity',
    synthetic: 'synthetic phantom',
    drawing: 'Drawing…',
    privacyTitle: 'It stays here',
    privacy: 'The film does not leave this machine. It is read and scored in this page; nothing is sent anywhere.',
    whileLoading: 'You can drop a film already; it is read as soon as the model is here.',
  },
  films: {
    button_one: '{{count}} film',
    button_other: '{{count}} films',
    waiting_one: '{{count}} film is waiting',
    waiting_other: '{{count}} films are waiting',
    title: 'Films of this session',
    state: { waiting: 'waiting', busy: 'being read', failed: 'not read' },
    remove: 'Remove {{name}}',
  },
  about: {
    title: 'What the five scores mean',
    ask: 'The model looks at the film five times: at its left, right, upper and lower half, each with the rest hidden, and once at all of it.',
    meaning:
      'Each score, from 0 to 1, is the probability the model gives to a deviation at that position from the films it learned from.',
    rule: 'The image score is the highest of the five if that is over {{maxAbove}}, else their mean. The threshold belongs to the model; it is not a line between well and ill.',
    ruleWhole:
      'The image score is that of the whole film. The threshold belongs to the model; it is not a line between well and ill.',
    sides: 'Sides are named as the patient’s: on a standard frontal film the image’s left is the patient’s right.',
    footprint:
      'Positions are halves of the film, measured in patches, not outlines of a lung. A footprint shows exactly which patches the model saw.',
    key: { pick: 'pin a position', escape: 'let it go' },
  },
  positions: {
    left: 'Patient’s right lung',
    right: 'Patient’s left lung',
    upper: 'Upper zones',
    lower: 'Lower zones',
    whole: 'Whole film',
    shortUpper: 'upper',
    shortLower: 'lower',
    shortWhole: 'whole',
    markRight: 'R',
    markLeft: 'L',
  },
  result: {
    title: 'Result',
    imageScore: 'Image score',
    above: 'Above this model’s threshold',
    below: 'Below this model’s threshold',
    rule: {
      max: 'the highest position decides (over {{maxAbove}})',
      mean: 'the mean of the five positions',
      whole: 'the whole film’s own score',
    },
    threshold: 'threshold {{value}}',
    positions: 'Probability of deviation, by position',
    pin: '{{name}}: {{value}}. Show its footprint',
    announcement: '{{film}}: image score {{score}}, {{verdict}} of {{threshold}}.',
    here: 'Here:',
    hint: 'Point at the film, or press 1 to 5',
    hintTouch: 'Tap a side of the film or a row',
    patches: '{{name}}: {{columns}} × {{rows}} of {{gridColumns}} × {{gridRows}} patches',
    opacity: 'Footprint',
    unpin: 'Unpin',
    table: 'Table',
    tableCaption: 'Scores of {{film}}',
    tablePosition: 'Position',
    tableProbability: 'Probability of deviation',
    tableThreshold: 'Against {{value}}',
    aboveShort: 'above',
    belowShort: 'below',
    film: 'The film {{name}}, {{width}} by {{height}} pixels',
    print: 'Print',
  },
  facts: {
    film: 'Film',
    size: '{{width}} × {{height}}, {{format}}',
    divided: '16-bit values divided by {{by}} (largest {{largest}})',
    alpha: 'transparency laid over black',
    colour: 'colour turned to grey',
    orientation: 'turned upright (EXIF {{exif}})',
    sides: 'Sides',
    assumed: 'assumed standard view',
    flipped: 'flipped by you',
    flip: 'flip',
    threshold: 'Threshold',
    model: 'Model',
    card: 'card',
    backend: 'Ran on',
    ms: '{{backend}}, {{ms}} ms',
    device: 'Left this device',
    nothing: 'nothing',
  },
  stage: {
    early: 'early checkpoint',
    release: 'release',
    imported: 'imported, not validated here',
    fixture: 'test fixture, not trained',
  },
  backend: {
    label: 'Backend',
    webgpu: 'WebGPU',
    wasm: 'WASM',
    'wasm-single': 'WASM, 1 thread',
    native: 'native',
    threads: 'WASM × {{threads}}',
    auto: 'The best that works',
    autoNow: 'The best that works (now {{backend}})',
    starting: 'starting…',
    failed: 'not running',
    about: {
      webgpu: 'the graphics processor',
      wasm: 'the processor, several threads',
      'wasm-single': 'the processor, one thread',
    },
    setAside: 'set aside: {{reason}}',
    hint: 'A backend is used only if it reproduces this model’s check film.',
  },
  progress: {
    model: 'Loading the model',
    bytes: '{{loaded}} of {{total}} MB',
    checking: 'Checking {{backend}} against the model’s check film',
    preparing: 'Preparing the model',
    queued: 'Waiting for the model',
    reading: 'Reading the file',
    decoding: 'Decoding the film',
    scoring: 'Scoring five positions',
    cancel: 'Cancel',
  },
  error: {
    again: 'Try again',
    back: 'Back to {{name}}',
    start: 'Start page',
    detail: 'Details',
    cardFailed: 'The card could not be read.',
    cardMissing: 'This model has no card.',
    reload: 'Load the page again',
  },
  card: { title: 'Model card', loading: 'Loading…' },
  errors,
};

type Wide<T> = { readonly [K in keyof T]: T[K] extends string ? string : Wide<T[K]> };

/** The shape that every language has. */
export type Words = Wide<typeof en>;
