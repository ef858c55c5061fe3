import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    title: 'Can you hear and be heard?', text: 'Once in this browser; later you find it in the settings.', start: 'Go to the desk', startAnyway: 'You can look around without a microphone, but you cannot be Ready.',
    microphone: 'Microphone', speaker: 'Speaker', notifications: 'Notifications', systemDefault: 'System default', unnamed: 'Device {n}', absent: 'Chosen device (not connected)',
    level: 'Microphone level', asking: 'Your browser asks for the microphone: allow it.', speak: 'Say something: the bar moves with your voice.', heard: 'Your voice comes through.',
    headset: { label: 'Headset buttons', hint: 'Answer, mute and hang up on the headset.', choose: 'Choose headset…', none: 'No headset with buttons was chosen.' },
    playSound: 'Play a sound', stopSound: 'Stop', playing: 'You should hear it ring now.', soundHint: 'No sound? Choose another speaker, or turn up the volume.',
    record: 'Record and listen', recording: 'Recording: say a sentence…', listening: 'This is how others hear you.', recordFailed: 'It could not be recorded. Try another microphone.',
    denied: {
      title: 'The microphone is blocked', browser: 'Click the icon at the left end of the address bar, allow the microphone, and come back here. It continues by itself.',
      desktop: 'Open the privacy settings of the system, allow Sangdam to use the microphone, and come back here.', insecure: 'This address is not secure, so the browser gives it no microphone. Ask your administrator for the https:// address.',
    },
    missing: { title: 'No microphone found', text: 'Plug in a headset, or close the program that is using the microphone. It is then found by itself.' },
    again: 'Try again',
    notify: { allow: 'Allow notifications', granted: 'Tells you who is calling while you are in another window.', ask: 'Shows who is calling while you are in another window.', denied: 'The browser blocks notifications. Allow them in the address bar.', on: 'Allowed', off: 'Blocked' },
    warning: {
      microphoneReplaced: 'Your microphone is gone. Another one is used now; check the settings.', microphoneGone: 'Your microphone is gone, and there is no other. The caller cannot hear you: plug it in again.',
      microphoneBusy: 'Another program has your microphone. The caller cannot hear you until you close it there.',
      speakerReplaced: 'Your speaker is gone. You hear the call on the system default.', ringerReplaced: 'The ringing device is gone. It rings on the system default.', playbackBlocked: 'The browser holds back the sound. Click anywhere to hear.',
    },
  },
  {
    title: '소리를 확인하세요', text: '이 브라우저에서 한 번만 확인합니다. 나중에는 설정에서 바꿀 수 있습니다.', start: '상담 화면으로', startAnyway: '마이크 없이도 화면은 볼 수 있지만 대기로 바꿀 수 없습니다.',
    microphone: '마이크', speaker: '스피커', notifications: '알림', systemDefault: '시스템 기본값', unnamed: '장치 {n}', absent: '선택한 장치 (연결되지 않음)',
    level: '마이크 음량', asking: '브라우저가 물으면 마이크를 허용하세요.', speak: '말해 보세요. 목소리에 따라 막대가 움직입니다.', heard: '목소리가 잘 들어옵니다.',
    headset: { label: '헤드셋 버튼', hint: '헤드셋 버튼으로 받고, 음소거하고, 끊습니다.', choose: '헤드셋 선택…', none: '버튼을 쓸 헤드셋을 고르지 않았습니다.' },
    playSound: '소리 듣기', stopSound: '멈추기', playing: '지금 벨소리가 들려야 합니다.', soundHint: '들리지 않으면 다른 스피커를 고르거나 음량을 높이세요.',
    record: '녹음해서 듣기', recording: '녹음 중입니다. 한 문장을 말하세요…', listening: '상대방에게 이렇게 들립니다.', recordFailed: '녹음하지 못했습니다. 다른 마이크를 고르세요.',
    denied: {
      title: '마이크가 차단되어 있습니다', browser: '주소창 왼쪽 끝의 표시를 눌러 마이크를 허용한 뒤 돌아오세요. 자동으로 이어집니다.',
      desktop: '시스템의 개인 정보 설정에서 상담 프로그램에 마이크를 허용한 뒤 돌아오세요.', insecure: '보안 주소가 아니어서 브라우저가 마이크를 열지 않습니다. 관리자에게 https:// 주소를 물어보세요.',
    },
    missing: { title: '마이크가 없습니다', text: '헤드셋을 연결하거나 마이크를 쓰고 있는 다른 프로그램을 끝내세요. 자동으로 찾습니다.' },
    again: '다시 시도',
    notify: { allow: '알림 허용', granted: '다른 화면을 볼 때에도 누가 전화했는지 알려 줍니다.', ask: '다른 화면을 볼 때에도 누가 전화했는지 알 수 있습니다.', denied: '브라우저가 알림을 막고 있습니다. 주소창 옆에서 허용하세요.', on: '허용됨', off: '차단됨' },
    warning: {
      microphoneReplaced: '마이크 연결이 끊겨 다른 마이크를 쓰고 있습니다. 설정을 확인하세요.', microphoneGone: '마이크 연결이 끊겼고 다른 마이크가 없습니다. 고객에게 목소리가 들리지 않으니 다시 연결하세요.',
      microphoneBusy: '다른 프로그램이 마이크를 쓰고 있어 고객에게 목소리가 들리지 않습니다. 그 프로그램을 끝내면 바로 들립니다.',
      speakerReplaced: '스피커 연결이 끊겨 시스템 기본 장치로 들립니다.', ringerReplaced: '벨 장치 연결이 끊겨 시스템 기본 장치로 울립니다.', playbackBlocked: '브라우저가 소리를 막고 있습니다. 화면을 한 번 누르세요.',
    },
  },
);
