/** Words of what the reader has measured with an imported model. */
export const evaluationEn = {
  done: 'imported, evaluated here',
  facts: 'evaluated here on {{without}} films without and {{with}} with deviation: AUROC {{auroc}}, {{date}}',
  open: 'evaluated…',
  openOf: 'Say that {{name}} was evaluated here',
  about:
    'What you have measured with this model on films of your own; “ppad evaluate --json” gives these numbers. Its results then say “imported, evaluated here”.',
  without: 'Films without deviation',
  with: 'Films with deviation',
  save: 'Record',
  file: 'From a file of evaluate…',
  takeBack: 'Take it back',
};

export const evaluationZh: typeof evaluationEn = {
  done: '导入，已在此评估',
  facts: '已在此评估：无偏离 {{without}} 张，有偏离 {{with}} 张，AUROC {{auroc}}，{{date}}',
  open: '已评估…',
  openOf: '注明 {{name}} 已在此评估',
  about: '您用自己的胸片对此模型测得的结果；“ppad evaluate --json”会给出这些数值。此后其结果注明“导入，已在此评估”。',
  without: '无偏离的胸片数',
  with: '有偏离的胸片数',
  save: '记录',
  file: '取自 evaluate 的文件…',
  takeBack: '撤回',
};
