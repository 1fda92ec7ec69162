/** Words about whether a picture is a chest film, about the calibrated score, and of the card's own page. */
export const enChest = {
  title: 'This may not be an upright frontal chest film',
  reason: {
    'upside-down': 'To this model it looks upside down.',
    sideways: 'To this model it looks turned by a quarter.',
    inverted: 'To this model its greys look inverted, with dark bones.',
    unfamiliar: 'It is unlike the chest films that this model learned from.',
  },
  meaning: 'The scores are computed all the same; if it is so, they mean nothing.',
  synthetic: 'That is expected here: this is a drawing, not a film.',
  label: 'Chest film?',
  passed: 'not flagged ({{value}}; flagged above {{threshold}})',
  flagged: 'flagged ({{value}}, above {{threshold}})',
  calibrated: 'Calibrated',
  calibratedHow: '{{value}}: the image score after temperature {{temperature}}, beside it and not in its place',
  page: 'card on a page',
  loading: 'Loading…',
  back: 'Position reader',
  print: 'Print',
  failed: 'The card could not be read: {{message}}',
};
